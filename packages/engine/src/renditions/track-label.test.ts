import { expect, test } from "vitest";
import { languageTag, trackNames } from "./track-label.ts";

test.each([
  ["eng", "en"],
  ["ger", "de"],
  ["fre", "fr"],
  ["pt-BR", "pt-BR"],
  ["und", undefined],
  ["", undefined],
  ["not a language", undefined],
])("the language %j is %s", (code, tag) => {
  expect(languageTag(code)).toBe(tag);
});

test("no two tracks have one name", () => {
  const names = trackNames([
    { index: 1, language: "eng" },
    { index: 2, language: "eng" },
    { index: 3, language: "eng", title: "Commentary" },
    { index: 5, language: "und" },
    { index: 6, language: "ger", title: "Deutsch (5.1)" },
    { index: 7, language: "ger", title: "AC3 stereo" },
  ]);
  expect([...names]).toEqual([
    [1, "English"],
    [2, "English (2)"],
    [3, "English – Commentary"],
    [5, "Track 4"],
    [6, "Deutsch (5.1)"],
    [7, "German – AC3 stereo"],
  ]);
});
