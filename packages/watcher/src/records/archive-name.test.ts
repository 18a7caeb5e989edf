import { expect, test } from "vitest";
import { archiveFileName, sanitiseTitle } from "./archive-name.ts";

test.for([
  ["Movie", "Movie"],
  ["Le Fabuleux Destin d'Amélie Poulain", "Le Fabuleux Destin d'Amélie Poulain"],
  ["千と千尋の神隠し", "千と千尋の神隠し"],
  ["../../etc/passwd", "etc passwd"],
  ["AC/DC: Live?", "AC DC Live"],
  [".hidden", "hidden"],
  ["-rf", "rf"],
  ["tail. . ", "tail"],
  ["a\u0000b\nc\u202Ed", "a b c d"],
  ["", "film"],
  ["///", "film"],
  ["..", "film"],
])("%j becomes %j", ([title, name]) => expect(sanitiseTitle(title!)).toBe(name));

test("a long title is cut between characters, at 100 bytes", () => {
  const cut = sanitiseTitle("é".repeat(99));
  expect(cut).toBe("é".repeat(50));
  const families = sanitiseTitle("👨‍👩‍👧‍👦".repeat(20));
  expect(Buffer.byteLength(families)).toBeLessThanOrEqual(100);
  expect(families).not.toContain("\uFFFD");
});

test("the short id tells films of one title apart", () => {
  expect(archiveFileName("Movie", "abcdefghijkl")).toBe("Movie-abcdefgh.ts");
});
