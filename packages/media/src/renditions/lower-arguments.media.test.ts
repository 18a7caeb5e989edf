import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  framePts90k,
  frameSeconds,
  segmentCount,
  segmentFileName,
  segmentFrames,
} from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { leanArguments } from "./lower-arguments.ts";
import { lowerBandwidth, lowerQuality } from "./lower-quality.ts";
import { startFfmpeg } from "../ffmpeg/start-ffmpeg.ts";
import { makeLower } from "../testing/test-lower.ts";
import { joinParts, numbersIn, numbersShown, offset } from "../testing/test-parts.ts";
import {
  planFile,
  readPictures,
  readSoundTimes,
  runSegments,
  type TestPlan,
} from "../testing/test-run.ts";

/** Makes segments of these again, at fewer bits. */
async function makeLean(
  plan: TestPlan,
  upscaled: string,
  folder: string,
  [fromSegment, toSegment]: readonly [number, number],
  sound?: "late" | "none",
) {
  await mkdir(folder);
  const { timeline, output } = plan;
  const quality = lowerQuality(output, timeline, "upscaled");
  const ffmpeg = startFfmpeg(
    leanArguments({
      ...{ timeline, output, quality, fromSegment, toSegment, folder },
      ...(sound !== undefined && { sound }),
    }),
    { ffmpeg: "ffmpeg", name: "encoder", pipes: ["stdin"] },
  );
  // One that fails reads no more.
  ffmpeg.stdin?.on("error", () => undefined);
  for (let k = fromSegment; k < toSegment; k += 1)
    ffmpeg.stdin?.write(await readFile(join(upscaled, segmentFileName(k))));
  ffmpeg.stdin?.end();
  return (await ffmpeg.exited).exitCode;
}

/** Segment `k` in these folders has the pictures of the timeline and the sound of the upscaled one, at their times. */
async function expectAsUpscaled(
  { timeline }: TestPlan,
  upscaled: string,
  folders: readonly string[],
  k: number,
): Promise<void> {
  const name = segmentFileName(k);
  const { first, end } = segmentFrames(timeline, k);
  const sound = await readSoundTimes(join(upscaled, name));
  for (const folder of folders) {
    const lower = join(folder, name);
    expect(await readPictures(lower), lower).toEqual(
      Array.from({ length: end - first }, (_, i) => ({
        pts: framePts90k(timeline, first + i),
        isKey: i === 0,
      })),
    );
    expect(await readSoundTimes(lower), lower).toEqual(sound);
  }
}

test.each([
  ["24000/1001", { audio: {} }],
  [25, { audio: { codec: "ac3" } }],
  [30, { audio: false }],
] as const)(
  "at %s fps segments have the pictures and the sound of the upscaled ones, at the same times (R13)",
  async (rate, options) => {
    await using folder = await makeTempFolder();
    const at = (name: string) => join(folder.path, name);
    const clip = { width: 96, height: 64, seconds: 9, rate, ...options };
    const planned = await planFile(await makeClip(at("film.mkv"), clip));
    const plan = { ...planned, output: { ...planned.output, width: 64, height: 36 } };
    const count = segmentCount(plan.timeline);
    // A batch from the beginning, and one from the middle on to the end.
    const seam = 2;
    await makeLower(plan, at("begin"), 0, seam);
    await makeLower(plan, at("end"), seam, count);
    await runSegments(plan, { folder: at("run"), fromSegment: 0, toSegment: count });
    expect(await makeLean(plan, at("run"), at("lean-begin"), [0, seam])).toBe(0);
    expect(await makeLean(plan, at("run"), at("lean-end"), [seam, count])).toBe(0);
    for (let k = 0; k < count; k += 1) {
      const part = k < seam ? "begin" : "end";
      await expectAsUpscaled(plan, at("run"), [at(part), at(`lean-${part}`)], k);
    }
  },
);

test.each([
  ["begins anew", []],
  ["jumps ahead", offset(5_000)],
] as const)(
  "where the clock of the film %s, all lower qualities have the pictures and the sound of the upscaled film, too",
  async (_name, args) => {
    await using folder = await makeTempFolder();
    const at = (name: string) => join(folder.path, name);
    // The border lies within a segment.
    const parts = [
      { number: 0, seconds: 2.6 },
      { number: 30, seconds: 3, args },
    ];
    const plan = await joinParts(folder.path, "film.ts", parts);
    expect(plan.timeline.pieces).toHaveLength(2);
    const count = segmentCount(plan.timeline);
    await runSegments(plan, { folder: at("run"), fromSegment: 0, toSegment: count });
    expect(await makeLean(plan, at("run"), at("lean"), [0, count])).toBe(0);
    // Over the border, and from behind it.
    const seam = 4;
    await makeLower(plan, at("begin"), 0, seam);
    await makeLower(plan, at("end"), seam, count);
    const shown = await numbersShown(plan, 0, plan.timeline.frameCount);
    for (let k = 0; k < count; k += 1) {
      const own = at(k < seam ? "begin" : "end");
      await expectAsUpscaled(plan, at("run"), [at("lean"), own], k);
      const { first } = segmentFrames(plan.timeline, k);
      const numbers = await numbersIn(join(own, segmentFileName(k)));
      // At this quality a picture is up to a step or two darker.
      const away = numbers.map((number, i) => Math.abs(number - (shown[first + i] ?? -100)));
      expect(Math.max(...away), String(numbers)).toBeLessThan(5);
    }
  },
);

test("copied sound that comes late is found in all of it, and where none comes the pictures do", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  const late = ["-itsoffset", "12", "-f", "lavfi", "-i", "sine=f=440:r=48000:d=6"];
  await runFfmpeg([
    ...["-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=18", ...late],
    ...["-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-c:a", "ac3", at("film.mkv")],
  ]);
  const planned = await planFile(at("film.mkv"));
  const audio = { kind: "copy", index: 1, sampleRate: 48_000 } as const;
  const plan = { ...planned, output: { ...planned.output, audio } };
  await runSegments(plan, { folder: at("run"), fromSegment: 0, toSegment: 9 });
  const lean = (name: string, range: readonly [number, number], sound?: "late" | "none") =>
    makeLean(plan, at("run"), at(name), range, sound);
  expect(await lean("soon", [0, 9])).not.toBe(0);
  expect(await lean("late", [0, 9], "late")).toBe(0);
  for (const name of ["000002.ts", "000007.ts"])
    expect(await readSoundTimes(join(at("late"), name))).toEqual(
      await readSoundTimes(join(at("run"), name)),
    );
  expect(await lean("gap", [0, 3], "late")).not.toBe(0);
  expect(await lean("none", [0, 3], "none")).toBe(0);
  expect(await readPictures(join(at("none"), "000002.ts"))).toHaveLength(50);
});

test("no segment takes more than its bandwidth says, noise neither", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  const plan = await planFile(
    await makeClip(at("film.mkv"), {
      ...{ width: 160, height: 90, seconds: 8, rate: 25 },
      extraArgs: ["-vf", "noise=alls=100:allf=t"],
    }),
  );
  const { timeline, output } = plan;
  const names = await makeLower(plan, at("made"), 0, segmentCount(timeline));
  const seconds = frameSeconds(timeline, timeline.framesPerSegment);
  const quality = lowerQuality({ width: 64, height: 36 }, timeline);
  const bound = lowerBandwidth(quality, output, seconds);
  // The last segment is shorter.
  for (const name of names.slice(0, -1)) {
    const { size } = await stat(join(at("made"), name));
    expect((size * 8) / seconds).toBeLessThanOrEqual(bound);
  }
});

test("makes segments far behind the only key frame of a film", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  const plan = await planFile(
    await makeClip(at("film.mkv"), {
      ...{ width: 64, height: 36, seconds: 20, rate: 25, audio: false },
      extraArgs: ["-g", "1000", "-keyint_min", "1000", "-sc_threshold", "0"],
    }),
  );
  const last = segmentCount(plan.timeline);
  // From the only key frame, at the beginning.
  expect(await makeLower(plan, at("whole"), last - 2, last, Number.POSITIVE_INFINITY)).toHaveLength(
    2,
  );
});
