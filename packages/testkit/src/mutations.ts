/** What a field may hold that nobody expects there. */
const ODD: readonly unknown[] = [
  ...[null, "", "x", "-1", 'L’été "A" \\ \n', "9".repeat(400), true, false],
  ...[0, -1, 1.5, 1e300, [], [null], {}, { Id: {} }],
];

/**
 * A JSON value with one field gone or holding something else, for every field to any depth: what a
 * server of another version, a plugin or a broken client may send. Of lists, the first three entries
 * are taken.
 */
export function* mutations(value: unknown): Generator<unknown> {
  yield* ODD;
  if (Array.isArray(value)) {
    yield [...value, ...value];
    for (const [k, each] of value.slice(0, 3).entries())
      for (const changed of mutations(each)) yield value.with(k, changed);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      const { [name]: _, ...rest } = Object.fromEntries(Object.entries(value));
      yield rest;
      yield { ...rest, [name.toLowerCase()]: each };
      for (const changed of mutations(each)) yield { ...value, [name]: changed };
    }
  }
}
