import { expect, it } from "vitest";
import { endsFilm, segmentAt, type FilmSegment } from "./film-segments.ts";

const intro: FilmSegment = { type: "intro", start_seconds: 10, end_seconds: 40 };
const credits: FilmSegment = { type: "credits", start_seconds: 90, end_seconds: 100 };

it.each([
  [0, undefined],
  [9.9, undefined],
  [10, intro],
  [36.9, intro],
  [37, undefined],
  [95, credits],
])("at %s s there is to skip", (position, segment) => {
  expect(segmentAt([intro, credits], position)).toBe(segment);
});

it("ends a film where only its last moments come after it", () => {
  expect(endsFilm(credits, 104)).toBe(true);
  expect(endsFilm(credits, 130)).toBe(false);
  expect(endsFilm({ ...intro, end_seconds: 100 }, 100)).toBe(false);
});
