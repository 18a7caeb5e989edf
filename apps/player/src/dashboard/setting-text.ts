import { strings } from "../strings.ts";

/** Descriptions are written for the documentation, in Markdown. */
export const plainText = (markdown: string): string =>
  markdown.replaceAll("`", "").replace(/\[([^\]]*)\]\([^)]*\)/g, "docs/$1");

/** What a value may be, in the words of the page; how `upreel.json` would have it is left out. */
export const expectedText = (expected: string): string =>
  strings.settings.expected.reduce(
    (text, [phrase, own]) => text.replaceAll(phrase, own),
    plainText(expected).replace(/ \(in the file: [^)]*\)/, ""),
  );
