import { expect, it } from "vitest";
import { familyOf, withFilmFonts } from "./film-fonts.ts";
import { readFontNames } from "./font-names.ts";

const SCRIPT = `[V4+ Styles]\r
Format: Name, Fontname, Fontsize\r
Style: Default,Open Sans,20\r
Style: Sign,@Gothic,20\r
[Events]\r
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\fnOPEN SANS\\b1}a{\\fnArial}b{\\fn}c, Style: x,Open Sans\r
`;

it("a script asks for the film's own fonts by names that no page has, and for others as it did", () => {
  expect(withFilmFonts(SCRIPT, new Set(["open sans", "gothic"]))).toBe(
    SCRIPT.replace("Default,Open Sans,20", "Default,film-open_20sans,20")
      .replace("@Gothic", "film-gothic")
      .replace("\\fnOPEN SANS", "\\fnfilm-open_20sans"),
  );
  expect(withFilmFonts(SCRIPT, new Set())).toBe(SCRIPT);
});

it("a font of the film has one word for its name, whatever stands in it", () => {
  expect(familyOf('0 "a"\\}, Ünïcode')).toMatch(/^film-[a-z0-9_\u0080-\uffff]+$/);
  expect(familyOf("Open Sans")).toBe(familyOf("OPEN SANS"));
  expect(familyOf("a b")).not.toBe(familyOf("a_b"));
});

/** A font file with nothing in it but names, by number and platform, and the style. */
function fontFile(
  names: readonly (readonly [id: number, platform: number, text: string])[],
): ArrayBuffer {
  const [head, list] = [44, 44 + 54];
  const texts = list + 6 + 12 * names.length;
  const sizeOf = (platform: number, text: string): number => text.length * (platform === 1 ? 1 : 2);
  const length = names.reduce((sum, [, platform, text]) => sum + sizeOf(platform, text), 0);
  const file = new ArrayBuffer(texts + length);
  const view = new DataView(file);
  const words = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, k) => view.setUint16(at + 2 * k, value));
  words(0, 1, 0, 2);
  for (const [k, [tag, offset]] of [["head", head] as const, ["name", list] as const].entries()) {
    for (const [n, letter] of tag.split("").entries())
      view.setUint8(12 + 16 * k + n, letter.charCodeAt(0));
    view.setUint32(12 + 16 * k + 8, offset);
  }
  words(head + 44, 3);
  words(list, 0, names.length, texts - list);
  let at = 0;
  for (const [k, [id, platform, text]] of names.entries()) {
    words(list + 6 + 12 * k, platform, 0, 0, id, sizeOf(platform, text), at);
    for (const [n, letter] of text.split("").entries())
      if (platform === 1) view.setUint8(texts + at + n, letter.charCodeAt(0));
      else view.setUint16(texts + at + 2 * n, letter.charCodeAt(0));
    at += sizeOf(platform, text);
  }
  return file;
}

it("reads a font's names, and nothing of what is none or is cut", () => {
  const file = fontFile([
    [1, 3, "Ünïcode Sans"],
    [4, 3, "Ünïcode Sans Bold"],
    [1, 1, "Unicode Sans"],
    [9, 3, "Nobody"],
  ]);
  expect(readFontNames(file)).toEqual({
    families: ["Ünïcode Sans", "Unicode Sans"],
    fullNames: ["Ünïcode Sans Bold"],
    ...{ isBold: true, isItalic: true },
  });
  for (let length = 0; length < file.byteLength - 12; length += 7)
    expect(readFontNames(file.slice(0, length))).toBeUndefined();
  const collection = new TextEncoder().encode("ttcf and more").buffer;
  expect(readFontNames(collection)).toBeUndefined();
});
