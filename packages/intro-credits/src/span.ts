/** A stretch of a film, or of its sound, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
