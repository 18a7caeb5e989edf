/** A font's own names, and what it looks like. */
export interface FontNames {
  /** Of the family, and of the font itself; scripts use either. */
  readonly families: readonly string[];
  readonly fullNames: readonly string[];
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

/** OpenType: versions of files with TrueType or CFF outlines. */
const SIGNATURES = new Set([0x00010000, 0x4f54544f, 0x74727565]);
const FAMILY = new Set([1, 16]);
const FULL_NAME = 4;
const [MOST_TABLES, MOST_NAMES] = [128, 1_000];

/** The names in a font file (OpenType, tables `name` and `head`); undefined where it is none. */
export function readFontNames(file: ArrayBuffer): FontNames | undefined {
  try {
    const view = new DataView(file);
    if (!SIGNATURES.has(view.getUint32(0))) return undefined;
    const tables = new Map<string, number>();
    for (let k = 0; k < Math.min(MOST_TABLES, view.getUint16(4)); k++) {
      const at = 12 + 16 * k;
      const tag = String.fromCharCode(...new Uint8Array(file, at, 4));
      tables.set(tag, view.getUint32(at + 8));
    }
    const [names, head] = [tables.get("name"), tables.get("head")];
    if (names === undefined) return undefined;
    const style = head === undefined ? 0 : view.getUint16(head + 44);
    const found = namesIn(view, names);
    const of = (isWanted: (id: number) => boolean): string[] => [
      ...new Set(found.filter(({ id }) => isWanted(id)).map(({ text }) => text)),
    ];
    return {
      families: of((id) => FAMILY.has(id)),
      fullNames: of((id) => id === FULL_NAME),
      isBold: (style & 1) !== 0,
      isItalic: (style & 2) !== 0,
    };
  } catch (error) {
    // It names places behind its end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function namesIn(view: DataView, table: number): { id: number; text: string }[] {
  const count = Math.min(MOST_NAMES, view.getUint16(table + 2));
  const texts = table + view.getUint16(table + 4);
  const found: { id: number; text: string }[] = [];
  for (let k = 0; k < count; k++) {
    const at = table + 6 + 12 * k;
    const [platform, id] = [view.getUint16(at), view.getUint16(at + 6)];
    const length = view.getUint16(at + 8);
    const bytes = new Uint8Array(view.buffer, texts + view.getUint16(at + 10), length);
    // The Macintosh's names are of one byte a letter, others of two.
    const text = new TextDecoder(platform === 1 ? "latin1" : "utf-16be").decode(bytes).trim();
    if (text !== "") found.push({ id, text });
  }
  return found;
}
