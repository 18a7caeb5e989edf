import { LONGEST_FILM_SECONDS } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { isLengthDoubtful, requirePlausibleLength } from "./plausible-length.ts";

const film = (changes: object) => ({
  ...{ path: "/films/a.avi", sizeBytes: 1e9, zeroSeconds: 0, seconds: 7200, ...changes },
});
const judge = (changes: object) => () => requirePlausibleLength(film(changes));
const tooLong = expect.objectContaining({ code: "source_too_long" });

describe("the length that a header claims", () => {
  it.each([
    ["a film of two hours", {}],
    ["the longest film", { seconds: LONGEST_FILM_SECONDS }],
    ["no length", { seconds: 0 }],
    ["a clock that counts from 1970", { zeroSeconds: 1.8e9 }],
    ["slides of ten minutes each", { seconds: 6000, sizeBytes: 20_000, pictures: 10 }],
  ])("is believed: %s", (_what, changes) => {
    expect(judge(changes)).not.toThrow();
  });

  it.each([
    ["an AVI of a million seconds a picture", { seconds: 101e6, sizeBytes: 30_000 }],
    ["longer than the clock of MPEG-TS", { seconds: LONGEST_FILM_SECONDS + 1, sizeBytes: 1e15 }],
    ["a day with three pictures", { seconds: 86_400, sizeBytes: 20_000, pictures: 3 }],
    ["one picture for hours", { seconds: 36_000, pictures: 1 }],
    ["without end", { seconds: Number.POSITIVE_INFINITY }],
    ["no number", { seconds: Number.NaN }],
    ["a start at the end of time", { zeroSeconds: -9.2e12 }],
  ])("is refused: %s", (_what, changes) => {
    expect(judge(changes)).toThrow(tooLong);
  });

  it("is doubted where the file is too small for it", () => {
    expect(isLengthDoubtful(film({}))).toBe(false);
    expect(isLengthDoubtful(film({ sizeBytes: 5e6 }))).toBe(true);
  });
});
