/** The middle one of what is known; undefined where nothing is. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.toSorted((a, b) => a - b)[known.length >> 1];
}
