import { expect, test } from "vitest";
import { decodeFileName, encodeFileName, hasRawBytes, showFileName } from "./file-name.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test("names in UTF-8 are themselves, with a byte order mark and all", () => {
  for (const name of ["Été 🎬.mkv", "\uFEFFa", "", "a\nb"]) {
    const encoded = new TextEncoder().encode(name);
    expect(decodeFileName(encoded)).toBe(name);
    expect(encodeFileName(name)).toEqual(encoded);
    expect(hasRawBytes(name)).toBe(false);
  }
});

test.each([
  ["Latin-1", "636166e92e6d6b76"],
  ["a sequence that breaks off", "e282"],
  ["bytes that begin nothing", "80ff20feff"],
  ["an overlong slash", "c0af"],
  ["half a surrogate pair", "eda080"],
  ["UTF-8 before and behind", "c3a9e9c3a9"],
  ["a name with a character that stands for a byte", "eebfa9"],
])("%s comes back byte by byte, and is text that JSON and URLs carry", (_what, hex) => {
  const name = decodeFileName(bytes(hex));
  expect(hasRawBytes(name)).toBe(true);
  expect(name.isWellFormed()).toBe(true);
  expect(decodeURIComponent(encodeURIComponent(name))).toBe(name);
  expect(Buffer.from(encodeFileName(name)).toString("hex")).toBe(hex);
});

test("what cannot be read is shown as such", () => {
  expect(showFileName(decodeFileName(bytes("636166e92e6d6b76")))).toBe("caf\uFFFD.mkv");
});

test("any bytes at all come back", () => {
  let seed = 7;
  for (let n = 0; n < 300; n += 1) {
    const any = Uint8Array.from({ length: 12 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return (seed >> 8) & 255;
    });
    expect(encodeFileName(decodeFileName(any))).toEqual(any);
  }
});
