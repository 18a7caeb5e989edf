import { expect, it } from "vitest";
import { nameParts } from "./name-parts.ts";

const chapter = (startSeconds: number, endSeconds: number, title?: string) => ({
  ...{ startSeconds, endSeconds },
  ...(title === undefined ? {} : { title }),
});
const INTRO = chapter(60, 90, "Intro") as {
  startSeconds: number;
  endSeconds: number;
  title: string;
};
const CREDITS = { ...INTRO, startSeconds: 570, endSeconds: 605, title: "Credits" };

it.each([
  [
    "a film without chapters",
    [],
    [chapter(0, 60), chapter(60, 90, "Intro"), chapter(90, 570), chapter(570, 600, "Credits")],
  ],
  [
    "one with chapters, of which what lies beside them is left",
    [chapter(0, 60.4, "One"), chapter(60.4, 600, "Two")],
    [
      chapter(0, 60, "One"),
      chapter(60, 90, "Intro"),
      chapter(90, 570, "Two"),
      chapter(570, 600, "Credits"),
    ],
  ],
  [
    "one whose own chapters are the same",
    [chapter(0, 58, "One"), chapter(58, 92, "Two"), chapter(92, 575, "Three"), chapter(575, 600)],
    [
      chapter(0, 58, "One"),
      chapter(58, 92, "Intro"),
      chapter(92, 575, "Three"),
      chapter(575, 600, "Credits"),
    ],
  ],
  [
    "one that names them itself",
    [
      chapter(0, 58, "Cold open"),
      chapter(58, 92, "Titles"),
      chapter(92, 575),
      chapter(575, 600, "End"),
    ],
    [
      chapter(0, 58, "Cold open"),
      chapter(58, 92, "Titles"),
      chapter(92, 575),
      chapter(575, 600, "End"),
    ],
  ],
])("intro and credits are chapters of %s", (_, chapters, named) => {
  expect(nameParts(chapters, [INTRO, CREDITS], 600)).toEqual(named);
});

it("nothing is found: the chapters stay as they are", () => {
  expect(nameParts([], [], 600)).toEqual([]);
  expect(nameParts([], [chapter(700, 710, "Late") as typeof INTRO], 600)).toEqual([]);
});
