import { join } from "node:path";
import { segmentCount, segmentFrames } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import {
  STEPS,
  joinParts,
  makePart,
  numbersShown,
  offset,
  type Part,
} from "../testing/test-parts.ts";
import { planFile, type TestPlan } from "../testing/test-run.ts";

/** How often each picture is shown, in the order in which they come. */
function runLengths(shown: readonly number[]): { number: number; times: number }[] {
  const runs: { number: number; times: number }[] = [];
  for (const number of shown) {
    const last = runs.at(-1);
    if (last?.number === number) last.times += 1;
    else runs.push({ number, times: 1 });
  }
  return runs;
}

const numbered = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => (from + n) % STEPS);

/** Every picture once, but at borders, in order; and the same frames wherever the film is entered. */
async function expectWhole(plan: TestPlan, pictures: readonly number[], repeats: number) {
  const { timeline } = plan;
  const whole = await numbersShown(plan, 0, timeline.frameCount);
  expect(runLengths(whole).map(({ number }) => number)).toEqual(pictures);
  expect(whole).toHaveLength(timeline.frameCount);
  expect(timeline.frameCount - pictures.length).toBeLessThanOrEqual(repeats);
  for (let k = 1; k < segmentCount(timeline); k += 2) {
    const { first, end } = segmentFrames(timeline, k);
    const entered = await numbersShown(plan, first, end - first);
    expect(entered, `segment ${k}`).toEqual(whole.slice(first, end));
  }
}

const one: Part = { number: 0, seconds: 4 };
const two: Part = { number: 100, seconds: 3 };

describe("a recording whose clock", () => {
  test.each<[string, string, Part[], number[]]>([
    ["begins anew", "film.ts", [one, two], numbered(0, 175)],
    ["jumps ahead", "film.ts", [one, { ...two, args: offset(5_000) }], numbered(0, 175)],
    [
      "jumps back and ahead again, in three pieces",
      "film.ts",
      [
        { ...one, args: offset(100) },
        { ...two, args: offset(20) },
        { number: 175, seconds: 3, args: offset(3_000) },
      ],
      numbered(0, 250),
    ],
    [
      "overlaps by a few pictures",
      "film.ts",
      [one, { ...two, args: offset(4 - 0.08) }],
      numbered(0, 175),
    ],
    [
      "overlaps by a picture and 3 ms",
      "film.ts",
      [one, { ...two, args: offset(4 - 0.043) }],
      numbered(0, 175),
    ],
    [
      "begins anew behind the wrap of its 33 bits",
      "film.ts",
      [{ ...one, args: offset(95_443.7 - 3) }, two],
      numbered(0, 175),
    ],
    [
      "jumps behind its wrap and far back",
      "film.ts",
      [
        { ...one, args: offset(1_000) },
        { ...two, args: offset(200) },
      ],
      numbered(0, 175),
    ],
    [
      "begins anew in a programme stream",
      "film.vob",
      [
        { ...one, codec: "mpeg2video", args: ["-q:v", "2", "-g", "12"], size: "352x288" },
        { ...two, codec: "mpeg2video", args: ["-q:v", "2", "-g", "12"], size: "352x288" },
      ],
      numbered(0, 175),
    ],
  ])("%s comes out whole", async (_, name, parts, pictures) => {
    await using folder = await makeTempFolder();
    const plan = await joinParts(folder.path, name, parts);
    expect(plan.timeline.pieces).toHaveLength(parts.length);
    await expectWhole(plan, pictures, 2 * parts.length);
  });
});

describe("a film", () => {
  test("whose clock wraps is one piece", async () => {
    await using folder = await makeTempFolder();
    const plan = await joinParts(folder.path, "film.ts", [{ ...one, args: offset(95_443.7 - 2) }]);
    expect(plan.timeline.pieces).toBeUndefined();
    await expectWhole(plan, numbered(0, 100), 1);
  });

  test("with a hole in picture and sound closes it", async () => {
    await using folder = await makeTempFolder();
    const path = await makePart(join(folder.path, "film.mkv"), {
      ...{ number: 0, seconds: 8, filter: "setpts='PTS+gte(T,4)*20/TB'" },
      args: ["-af", "asetpts='PTS+gte(T,4)*20/TB'", "-fps_mode", "passthrough"],
    });
    const plan = await planFile(path, 1);
    expect(plan.timeline.pieces).toHaveLength(2);
    await expectWhole(plan, numbered(0, 200), 6);
  });

  test("whose picture size and shape change keeps one, and each picture", async () => {
    await using folder = await makeTempFolder();
    const parts = [one, { ...two, size: "128x72", args: offset(4) }];
    await expectWhole(await joinParts(folder.path, "film.ts", parts), numbered(0, 175), 4);
    const shapes = [one, { ...two, size: "96x72", args: offset(4) }];
    await expectWhole(await joinParts(folder.path, "film.ts", shapes), numbered(0, 175), 4);
  });

  test("that becomes interlaced in another size keeps each picture", async () => {
    await using folder = await makeTempFolder();
    const later: Part = {
      ...two,
      size: "128x72",
      filter: "setfield=tff",
      args: ["-flags", "+ildct+ilme", "-x264-params", "tff=1", ...offset(4)],
    };
    await expectWhole(await joinParts(folder.path, "film.ts", [one, later]), numbered(0, 175), 4);
  });

  test("whose programme stream tells the times of some pictures keeps each", async () => {
    await using folder = await makeTempFolder();
    const path = await makePart(join(folder.path, "film.vob"), {
      ...{ number: 0, seconds: 4, rate: 50, size: "64x48", codec: "mpeg2video" },
      args: ["-q:v", "2", "-g", "12"],
    });
    const plan = await planFile(path, 1);
    expect(plan.source.video.hasLooseTimes).toBe(true);
    await expectWhole(plan, numbered(0, 200), 4);
  });

  test("that begins at 8 pictures a second and goes on at 60 loses none", async () => {
    await using folder = await makeTempFolder();
    const path = await makePart(join(folder.path, "film.mp4"), {
      ...{ number: 0, seconds: 6, rate: 60 },
      filter: "select='if(lt(t,4),not(mod(n,8)),1)'",
      args: ["-fps_mode", "vfr"],
    });
    const plan = await planFile(path, 1);
    expect(plan.timeline.rate).toEqual({ num: 60, den: 1 });
    const slow = Array.from({ length: 30 }, (_, n) => (8 * n) % STEPS);
    await expectWhole(plan, [...slow, ...numbered(240, 120)], 210);
  });

  test("whose pictures end before its sound keeps the last one", async () => {
    await using folder = await makeTempFolder();
    const path = await makePart(join(folder.path, "film.mp4"), {
      ...{ number: 0, seconds: 9, filter: "trim=end=3" },
    });
    const plan = await planFile(path, 1);
    expect(plan.timeline.frameCount).toBe(225);
    await expectWhole(plan, numbered(0, 75), 150);
  });
});
