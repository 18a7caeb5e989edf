import { UpreelError } from "@upreel/core";
import { makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createSegmentSizes, ratesOf } from "./made-rates.ts";
import { measureVariant } from "../measure-variant.ts";

it("the peak is that of the fullest segment; a short last one counts with the one before it", () => {
  const film = [100, 300, 200].map((bytes, k) => ({ k, bytes, seconds: 2 }));
  expect(ratesOf(film)).toEqual({ peak: 1200, average: 800, seconds: 6 });
  // A single picture, which is a whole one.
  const last = { k: 3, bytes: 30, seconds: 0.04 };
  const { peak, average } = ratesOf([...film, last]);
  expect(peak).toBe(1200);
  expect(average).toBeCloseTo((630 * 8) / 6.04);
  // Where the one before it is not known it is all there is.
  expect(ratesOf([{ ...last, k: 9 }]).peak).toBeCloseTo(6_000);
});

it("sizes stay known when segments are made again, and those of the film that was left longest go", () => {
  const sizes = createSegmentSizes();
  for (const bytes of [100, 100]) sizes.note("film", { k: 0, bytes, seconds: 2 });
  expect(sizes.ratesOf("film")).toEqual({ peak: 400, average: 400, seconds: 2, segments: 1 });
  for (let i = 0; i < 60; i += 1) sizes.note(`other ${i}`, { k: 0, bytes: 1, seconds: 2 });
  expect(sizes.ratesOf("film")).toBeUndefined();
  expect(sizes.ratesOf("other 59")).toBeDefined();
});

/** Segments of a film of 1920×1080, of which `count` are made, of so many bytes. */
const folderOf = (count: number, bytesOf: (k: number) => number) => ({
  ready: new Set(Array.from({ length: count }, (_, k) => k)),
  lengthOf: async (k: number) => bytesOf(k),
  // Nothing is read of it but what it says of its pictures, which this one does not.
  locate: async () => ({ path: import.meta.filename, start: 0, length: 9, modifiedMs: 0 }),
});
const SIZE = { width: 1920, height: 1080 };

it("an upscaled film that begins black is not told as one for a thin line", async () => {
  const timeline = makeTimeline(25_000);
  const black = await measureVariant(
    folderOf(1, () => 2_000),
    timeline,
    SIZE,
  );
  expect(black?.bandwidth).toBeGreaterThan(4_000_000);
  const minutes = await measureVariant(
    folderOf(200, () => 100_000),
    timeline,
    SIZE,
  );
  expect(minutes?.bandwidth).toBeCloseTo((minutes?.averageBandwidth ?? 0) * 1.5);
});

it("an upscaled film that is whole is told by its fullest segment", async () => {
  const timeline = makeTimeline(25_000);
  const count = Math.ceil(25_000 / timeline.framesPerSegment);
  const seconds = (timeline.framesPerSegment * timeline.rate.den) / timeline.rate.num;
  // One that a look at some of them would miss.
  const folder = folderOf(count, (k) => (k === 123 ? 500_000 : 100_000));
  const told = await measureVariant(folder, timeline, SIZE);
  expect(told?.bandwidth).toBeCloseTo((500_000 * 8) / seconds);
});

it("a film of which a segment was deleted is told by the others, and none by nothing", async () => {
  const timeline = makeTimeline(25_000);
  const count = Math.ceil(25_000 / timeline.framesPerSegment);
  const gone = (isGone: (k: number) => boolean) =>
    folderOf(count, (k) => {
      if (isGone(k)) throw new UpreelError("segment_not_found", `the file of segment ${k} is gone`);
      return 100_000;
    });
  const whole = await measureVariant(
    gone(() => false),
    timeline,
    SIZE,
  );
  const told = await measureVariant(
    gone((k) => k === 7),
    timeline,
    SIZE,
  );
  expect(told?.bandwidth).toBe(whole?.bandwidth);
  await expect(
    measureVariant(
      gone(() => true),
      timeline,
      SIZE,
    ),
  ).rejects.toMatchObject({ code: "segment_not_found" });
});
