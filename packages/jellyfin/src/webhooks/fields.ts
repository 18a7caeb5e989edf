import { parseItemId } from "../item-id.ts";

/** Fields of a body by name, whatever case and underscores a template gave them. */
export interface Fields {
  /** The first of these that is text and not empty; numbers count as text. */
  text(...names: readonly string[]): string | undefined;
  number(...names: readonly string[]): number | undefined;
  /** `true`, `True`, `"true"`; `undefined` when there is none or it is empty. */
  flag(...names: readonly string[]): boolean | undefined;
  /** An id of Jellyfin; its empty one, all zeros, is none. */
  id(...names: readonly string[]): string | undefined;
  /** Whether there is such a field, whatever is in it. */
  has(name: string): boolean;
  values(): readonly unknown[];
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

export function createFields(body: Readonly<Record<string, unknown>>): Fields {
  const byName = new Map(Object.entries(body).map(([name, value]) => [plain(name), value]));
  const text = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = byName.get(plain(name));
      if (typeof value === "number") return String(value);
      if (typeof value === "string" && value.trim() !== "") return value.trim();
    }
    return undefined;
  };
  return {
    text,
    number(...names) {
      const found = text(...names);
      const value = found === undefined ? Number.NaN : Number(found);
      return Number.isFinite(value) ? value : undefined;
    },
    flag(...names) {
      for (const name of names) {
        const value = byName.get(plain(name));
        if (typeof value === "boolean") return value;
        if (typeof value === "string" && /^(true|false)$/i.test(value.trim()))
          return /^true$/i.test(value.trim());
      }
      return undefined;
    },
    id(...names) {
      for (const name of names) {
        const id = parseItemId(text(name) ?? "");
        if (id !== undefined && /[^0]/.test(id)) return id;
      }
      return undefined;
    },
    has: (name) => byName.has(plain(name)),
    values: () => [...byName.values()],
  };
}
