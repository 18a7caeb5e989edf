import { ARABIC } from "./texts-ar.js";
import { GERMAN } from "./texts-de.js";
import { ENGLISH } from "./texts-en.js";

const TEXTS = { ar: ARABIC, de: GERMAN, en: ENGLISH };

/** In the language that the client is in now, which it says of its page; in English where that is another. */
export function texts() {
  const [language] = document.documentElement.lang.toLowerCase().split("-");
  return TEXTS[language] ?? ENGLISH;
}
