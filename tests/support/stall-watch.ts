/** How long a player stood still; it is told its positions, each time or as they change. */
export class StallWatch {
  #position: number | undefined;
  #since = 0;
  #longestMs = 0;

  /** Positions before the first picture are no number, and no stall. */
  note(position: number | undefined, now = performance.now()): void {
    if (position === undefined || Number.isNaN(position)) return;
    if (this.#position !== undefined)
      this.#longestMs = Math.max(this.#longestMs, now - this.#since);
    if (position === this.#position) return;
    this.#position = position;
    this.#since = now;
  }

  /** Seconds of the longest stand of its clock, those after a jump included. */
  get longestSeconds(): number {
    return this.#longestMs / 1000;
  }
}
