import { expect, test } from "vitest";
import { trackName } from "./track-name.ts";

test.each([
  ["German", "de", "de", "Deutsch"],
  ["German – Commentary", "de", "fr", "Allemand – Commentary"],
  ["English (2)", "en", "de", "Englisch (2)"],
  ["German", "de", "en", "German"],
  ["Track 3", null, "de", "Track 3"],
  ["Signs", "de", "de", "Signs"],
  ["x", "not a language", "de", "x"],
])("%s (%s) on a page in %s is %s", (name, language, page, shown) => {
  expect(trackName(name, language, page)).toBe(shown);
});
