/** Languages of the pages, by their own names. */
export const LANGUAGES = { en: "English", de: "Deutsch", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

export const DIRECTIONS: Readonly<Record<Language, "ltr" | "rtl">> = {
  ...{ en: "ltr", de: "ltr" },
  ar: "rtl",
};

const isLanguage = (text: string): text is Language => Object.keys(LANGUAGES).includes(text);

/** The one that was chosen by hand, else the first of the browser's that there is; regions do not matter. */
export function languageOf(chosen: string, wanted: readonly string[]): Language {
  const found = [chosen, ...wanted].map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return found.find(isLanguage) ?? "en";
}
