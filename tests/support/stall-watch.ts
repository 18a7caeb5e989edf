/** How long a player stood still; it is told its positions, as often as they are asked for. */
export class StallWatch {
  #position: number | undefined;
  #since = 0;
  #longestMs = 0;

  /** Positions before the first picture are no number, and no stall. */
  note(position: number | undefined, now = performance.now()): void {
    if (position === undefined || Number.isNaN(position)) return;
    if (position === this.#position) {
      this.#longestMs = Math.max(this.#longestMs, now - this.#since);
      return;
    }
    this.#position = position;
    this.#since = now;
  }

  /** Seconds of the longest stand of its clock, those after a jump included. */
  get longestSeconds(): number {
    return this.#longestMs / 1000;
  }
}
