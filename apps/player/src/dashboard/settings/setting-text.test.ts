import { afterEach, expect, it, vi } from "vitest";
import configuration from "../../../../../docs/configuration.md?raw";
import { arabicSettings } from "../../languages/ar/settings.ts";
import { german } from "../../languages/de.ts";
import { strings } from "../../strings.ts";
import { expectedText, plainText } from "./setting-text.ts";

afterEach(() => vi.restoreAllMocks());

/** Name and accepted values of each setting, as the documentation is generated from them. */
const documented = configuration
  .split("\n")
  .flatMap((line) => [...line.matchAll(/^\| `([A-Z_]+)` \| .*? \| (.*?) \| /g)])
  .map(([, name = "", expected = ""]) => ({ name, expected }));

it("says what a value may be without the grammar of upreel.json", () => {
  expect(expectedText("absolute folders separated by `:` (in the file: an array)")).toBe(
    "absolute folders separated by :",
  );
});

it("keeps the signs of names and commands in order where the language is read from the right", () => {
  expect(plainText("`upreel serve <film>` [films.md](films.md)", true)).toBe(
    "\u2066upreel serve <film>\u2069 docs/films.md",
  );
  expect(plainText("`HOST`", false)).toBe("HOST");
});

it.each([
  ["German", german.settings],
  ["Arabic", arabicSettings.settings],
])(
  "%s pages describe settings that exist, and what they accept without English words",
  (_, settings) => {
    vi.spyOn(strings, "settings", "get").mockReturnValue(settings);
    const own = Object.keys(settings.descriptions);
    expect(own.filter((name) => documented.every((setting) => setting.name !== name))).toEqual([]);
    for (const { name, expected } of documented.filter(({ name: each }) => own.includes(each)))
      expect([name, expectedText(expected)]).toEqual([
        name,
        expect.not.stringMatching(
          /\b(whole|number|separated|rules|path|least|folder|share|or|of)\b/,
        ),
      ]);
  },
);
