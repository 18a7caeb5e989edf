import { expect, it } from "vitest";
import { createFilmClock } from "./film-clock.ts";

it("tells the film's second of a stream whose first timestamp is before its first picture", () => {
  const clock = createFilmClock(900_000);
  expect(clock.toFilm(2)).toBe(2);
  // Two frames of 24 a second, as B-frames shift them.
  clock.startsAt(900_000 - 7_500, 90_000);
  expect(clock.toFilm(2)).toBeCloseTo(2 - 2 / 24);
  expect(clock.toMedia(clock.toFilm(2))).toBeCloseTo(2);
  expect(clock.toMedia(-1)).toBe(0);
});

it("keeps media time where the film's zero is not known", () => {
  const clock = createFilmClock(undefined);
  clock.startsAt(0, 90_000);
  expect(clock.toFilm(2)).toBe(2);
});
