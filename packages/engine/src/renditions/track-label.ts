/** ISO 639-2 has two codes for these; files use the first, BCP 47 knows the second alone. */
const TERMINOLOGY_CODES: Readonly<Record<string, string>> = {
  alb: "sq",
  arm: "hy",
  baq: "eu",
  bur: "my",
  chi: "zh",
  cze: "cs",
  dut: "nl",
  fre: "fr",
  geo: "ka",
  ger: "de",
  gre: "el",
  ice: "is",
  mac: "mk",
  mao: "mi",
  may: "ms",
  per: "fa",
  rum: "ro",
  slo: "sk",
  tib: "bo",
  wel: "cy",
};

/** What a file says of a track. */
export interface LabelledTrack {
  readonly index: number;
  readonly language?: string | undefined;
  readonly title?: string | undefined;
}

/** The BCP 47 tag of a file's language code; undefined for `und` and what is none. */
export function languageTag(code: string | undefined): string | undefined {
  if (code === undefined || /^(und|mis|zxx|mul)?$/i.test(code)) return undefined;
  try {
    return Intl.getCanonicalLocales(TERMINOLOGY_CODES[code.toLowerCase()] ?? code)[0];
  } catch {
    return undefined;
  }
}

/** A title alone, `5.1 AAC`, tells nobody which one is German. */
function nameOf(
  title: string | undefined,
  language: string | undefined,
  /** As the language calls itself. */
  own: string | undefined,
): string | undefined {
  if (!title) return language;
  const isNamed = [language, own].some(
    (name) => name !== undefined && title.toLowerCase().includes(name.toLowerCase()),
  );
  if (language === undefined || isNamed) return title;
  return `${language} – ${title}`;
}

/** Names for viewers: language and title, as far as there are any, else the number; each one once. */
export function trackNames(tracks: readonly LabelledTrack[]): ReadonlyMap<number, string> {
  const languages = new Intl.DisplayNames(["en"], { type: "language" });
  const names = new Map<number, string>();
  for (const [i, { index, language, title }] of tracks.entries()) {
    const tag = languageTag(language);
    const spoken = tag === undefined ? undefined : languages.of(tag);
    const own = tag && new Intl.DisplayNames([tag], { type: "language" }).of(tag);
    const name = nameOf(title?.trim(), spoken, own) ?? `Track ${i + 1}`;
    const isTaken = [...names.values()].includes(name);
    names.set(index, isTaken ? `${name} (${i + 1})` : name);
  }
  return names;
}
