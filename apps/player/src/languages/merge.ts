/** As `T`, but texts may be missing at any depth. */
export type PartOf<T> = T extends (...parts: never[]) => unknown
  ? T
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: PartOf<T[K]> }
      : T;

/** `base` with what `part` has in its place. */
export function merge<T extends object>(base: T, part: PartOf<T>): T {
  const entries = Object.entries(part).map(([key, value]) => {
    const below = base[key as keyof T];
    return [key, isGroup(below) && isGroup(value) ? merge(below, value) : value];
  });
  return { ...base, ...(Object.fromEntries(entries) as Partial<T>) };
}

const isGroup = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
