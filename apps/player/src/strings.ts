import { english, type Strings } from "./languages/en.ts";
import { DIRECTIONS, languageOf, type Language } from "./languages/language.ts";
import { merge, type PartOf } from "./languages/merge.ts";

/** The texts of the pages, in the language that was chosen before the page was drawn. */
export let strings: Strings = english;

const LOADERS: Readonly<Record<Language, () => Promise<PartOf<Strings>>>> = {
  en: () => Promise.resolve({}),
  de: () => import("./languages/de.ts").then(({ german }) => german),
  ar: () => import("./languages/ar.ts").then(({ arabic }) => arabic),
};

/** Loads the language of this browser and tells the document; what it lacks stays English. */
export async function chooseLanguage(): Promise<void> {
  const language = languageOf(keptLanguage(), navigator.languages);
  try {
    strings = merge<Strings>(english, await LOADERS[language]());
  } catch {
    // Without its texts the page is still one.
    return;
  }
  document.documentElement.lang = language;
  document.documentElement.dir = DIRECTIONS[language];
}

const KEY = "upreel.language";

/** What was chosen by hand; empty for what the browser says. */
export function keptLanguage(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** From the next page on. */
export function keepLanguage(language: string): void {
  if (language === "") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, language);
}
