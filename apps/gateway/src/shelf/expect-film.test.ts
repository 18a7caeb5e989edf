import { PLAIN_SCALER } from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import { expect, it } from "vitest";
import { createExpectFilm } from "./expect-film.ts";
import type { IndexedFilm } from "./film-index.ts";

const film: IndexedFilm = {
  ...{ id: "a", title: "A", year: undefined, path: "/films/a.mkv", realPath: "/disk/a.mkv" },
  ...{ folder: "/films", sizeBytes: 1, modifiedMs: 1 },
};
const rate = { num: 24, den: 1 };
const glance = { durationSeconds: 60, width: 1280, height: 720, rate };

const expectBy = (ladderOf: () => Promise<Ladder>) =>
  createExpectFilm({
    index: { now: () => ({ films: [film], isScanning: false, isCut: false, unreadable: [] }) },
    facts: { known: (id) => (id === "a" ? { glance, hasPoster: false } : undefined) },
    ladderOf,
  });
const expectAt = (...speeds: (number | undefined)[]) =>
  expectBy(async () => [
    ...speeds.map((expectedSpeed) => ({
      rung: { model: { ...PLAIN_SCALER, kind: "luma" as const }, provider: "cpu" },
      expectedSpeed,
    })),
    { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 },
  ]);

it("a film that the shelf knows is told at once to be too slow, or not; scaling is no upscale", async () => {
  expect(await expectAt(0.2, 0.6)("/films/a.mkv", {})).toMatchObject({
    ...{ advice: "original", expectedSpeed: 0.6 },
  });
  expect(await expectAt(0.4, 1.2, 2)("/disk/a.mkv", {})).toMatchObject({
    ...{ advice: "upscaled", expectedSpeed: 1.2 },
  });
});

it("nothing is said of a film that nobody looked into, or of a machine that was not measured", async () => {
  expect(await expectAt(1)("/films/b.mkv", {})).toBeUndefined();
  expect(await expectAt(undefined)("/films/a.mkv", {})).toBeUndefined();
});

it("a trigger does not wait for what is still being found out", async () => {
  expect(await expectBy(() => new Promise(() => {}))("/films/a.mkv", {})).toBeUndefined();
});
