/** A list of numbers that grows and takes eight bytes each; a long film has a million pictures. */
export interface NumberLog {
  readonly length: number;
  push(value: number): void;
  /** A copy of [from, to). */
  slice(from: number, to?: number): Float64Array;
}

export function createNumberLog(): NumberLog {
  let values = new Float64Array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = new Float64Array(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    slice: (from, to = length) => values.slice(from, Math.min(to, length)),
  };
}
