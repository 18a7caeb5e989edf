/**
 * A track's name in the language of the page. The gateway names languages in English, since every player shows what
 * it says: `German`, `German – Commentary`, `German (2)`.
 */
export function trackName(name: string, language: string | null | undefined, page: string): string {
  const english = nameOf(language, "en");
  const own = nameOf(language, page);
  if (english === undefined || own === undefined || !name.startsWith(english)) return name;
  // In the middle of a sentence French is "français".
  return own.replace(/^./u, (first) => first.toLocaleUpperCase(page)) + name.slice(english.length);
}

function nameOf(language: string | null | undefined, page: string): string | undefined {
  if (!language) return undefined;
  try {
    return new Intl.DisplayNames([page], { type: "language", fallback: "none" }).of(language);
  } catch {
    return undefined;
  }
}
