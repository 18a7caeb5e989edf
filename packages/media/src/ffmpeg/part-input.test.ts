import { filmParts, type Source, type Timeline } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { partInput } from "./part-input.ts";

const film: Timeline = {
  ...{ zeroMicros: 1_400_000, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const source = { path: "/films/a.ts", format: "mpegts" } as Source;
const args = (timeline: Timeline, part: number, request: Parameters<typeof partInput>[2]) => {
  const all = partInput(source, filmParts(timeline)[part]!, request);
  const of = (option: string): string | undefined => all[all.indexOf(option) + 1];
  return {
    input: all.at(-1),
    ...(all.includes("-ss") ? { seek: of("-ss"), byClock: of("-seek_timestamp") } : {}),
    ...(all.includes("-itsoffset") ? { offset: of("-itsoffset") } : {}),
  };
};

describe("a part of a film as an input", () => {
  it("is all of the file where the clock does not jump, sought by its own clock", () => {
    expect(args(film, 0, { fromSeconds: 5, zeroSeconds: 10 })).toEqual({
      ...{ input: "file:/films/a.ts", seek: "6.400000", byClock: "1", offset: "8.600001" },
    });
  });

  it("is never shifted by exactly where a transport stream begins, which ffmpeg takes for something else", () => {
    expect(args(film, 0, { zeroSeconds: 0 })).toMatchObject({ offset: "-1.399999" });
  });

  it("is read from its beginning where that is wanted, or what lies before", () => {
    for (const fromSeconds of [undefined, 0, -12]) {
      expect(args(film, 0, { fromSeconds })).toEqual({ input: "file:/films/a.ts" });
    }
  });

  it("is its bytes alone where recordings were joined", () => {
    const pieces = [
      { firstFrame: 0, clockMicros: 1_400_000, fromByte: 0, toByte: 1_000 },
      { firstFrame: 250, clockMicros: 700_000, fromByte: 1_000 },
    ];
    const joined = { ...film, pieces };
    const input = "subfile,,start,1000,end,0,,:file:/films/a.ts";
    expect(args(joined, 1, { fromSeconds: 4, zeroSeconds: 0 })).toEqual({
      ...{ input, offset: "9.300001" },
    });
    expect(args(joined, 1, { fromSeconds: 10 })).toEqual({ input });
    expect(args(joined, 1, { fromSeconds: 12 })).toEqual({ input, seek: "2.700000", byClock: "1" });
  });

  it("is sought, too, where it begins behind a hole that is closed", () => {
    const pieces = [
      { firstFrame: 0, clockMicros: 0 },
      { firstFrame: 250, clockMicros: 40_000_000 },
    ];
    const holed = { ...film, zeroMicros: 0, pieces };
    expect(args(holed, 1, {})).toMatchObject({ input: "file:/films/a.ts", seek: "40.000000" });
    expect(args(holed, 1, { fromSeconds: -2 })).toMatchObject({ seek: "28.000000" });
  });

  it("is not sought where it is a raw stream, which has no clock", () => {
    const raw = { ...source, format: "h264" };
    expect(partInput(raw, filmParts(film)[0]!, { fromSeconds: 9 })).not.toContain("-ss");
  });
});
