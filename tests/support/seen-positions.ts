/** Where a player was since its last jump; told as often as it says so, whoever looks at it meanwhile or not. */
export class SeenPositions {
  #seen: number[] = [];

  note(seconds: number | undefined): void {
    if (seconds !== undefined && !Number.isNaN(seconds)) this.#seen.push(seconds);
  }

  jump(): void {
    this.#seen = [];
  }

  get last(): number | undefined {
    return this.#seen.at(-1);
  }

  /** It was near `seconds`, and has gone on by `by` from there. */
  playsFrom(seconds: number, by: number): boolean {
    const isNear = (at: number): boolean => at >= seconds && at < seconds + 6;
    return this.#seen.some(isNear) && (this.last ?? Number.NaN) >= seconds + by;
  }
}
