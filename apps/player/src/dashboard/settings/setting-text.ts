import { strings } from "../../strings.ts";

const isRightToLeft = (): boolean =>
  typeof document === "object" && document.documentElement.dir === "rtl";

/**
 * Descriptions are written for the documentation, in Markdown. Names and commands in them are read from the left also where
 * the language is not: isolated, their signs stay in their order.
 */
export const plainText = (markdown: string, isIsolated = isRightToLeft()): string =>
  markdown
    .replace(/`([^`]*)`/g, isIsolated ? "\u2066$1\u2069" : "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "docs/$1");

/** What a value may be, in the words of the page; how `upreel.json` would have it is left out. */
export const expectedText = (expected: string): string =>
  strings.settings.expected.reduce(
    (text, [phrase, own]) => text.replaceAll(phrase, own),
    // Phrases are looked for in it: nothing may stand between their words.
    plainText(expected, false).replace(/ \(in the file: [^)]*\)/, ""),
  );
