import { createUpscaler, type Upscaler } from "@upreel/upscaler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFilm, checkRandomFilm } from "./films/check-film.ts";
import type { FilmSpec, PieceSpec } from "./films/film-spec.ts";

/** Seeds that once brought a fault to light, or a kind of film that had none yet. */
const SEEDS = [217, 224, 227, 232, 239, 321, 345, 329146841, 575326819, 1908177444];

const piece: PieceSpec = { seconds: 3, clockSeconds: 0, width: 64, height: 48, channels: 2 };
const film: FilmSpec = {
  ...{ container: "ts", codec: "libx264", pace: { kind: "constant", rate: "25" }, pieces: [piece] },
  sound: { codec: "aac", sampleRate: 48_000, lateSeconds: 0, longerSeconds: 0, hole: undefined },
  ...{ hole: undefined, keyFrameEvery: 25, bFrames: 0, range: "tv", matrix: "bt709", extras: [] },
};
const sound = (change: Partial<FilmSpec["sound"]>): FilmSpec["sound"] =>
  film.sound && { ...film.sound, ...change };

/** Of public bug reports of other projects. */
const REPORTS: readonly [string, Partial<FilmSpec>][] = [
  [
    "a picture that stands at 8 a second and then moves at 60",
    { container: "mp4", pace: { kind: "change", first: 8, next: 60, count: 16 } },
  ],
  ["a silent film of 16 a second", { container: "mp4", pace: { kind: "constant", rate: "16" } }],
  ["soft telecine", { container: "mkv", pace: { kind: "telecine" } }],
  ["a clock that begins anew", { pieces: [piece, piece] }],
  ["a clock that jumps ahead", { pieces: [piece, { ...piece, clockSeconds: 5000 }] }],
  [
    "a clock that goes back",
    {
      pieces: [
        { ...piece, clockSeconds: 90_000 },
        { ...piece, clockSeconds: 80_000 },
      ],
    },
  ],
  [
    "pictures that change their size",
    { pieces: [piece, { ...piece, clockSeconds: 3, width: 128, height: 96 }] },
  ],
  [
    "sound that changes its layout",
    {
      sound: sound({ codec: "ac3" }),
      pieces: [
        { ...piece, channels: 6 },
        { ...piece, clockSeconds: 3 },
      ],
    },
  ],
  ["sound that ends late", { container: "mp4", sound: sound({ longerSeconds: 2 }) }],
  ["sound that lost packets", { sound: sound({ hole: [1.35, 1.6] }) }],
];

describe("films as they are come out whole, in order, in step and in their colours", () => {
  let upscaler: Upscaler;
  beforeAll(() => {
    upscaler = createUpscaler({ threads: 1 });
  });
  afterAll(() => upscaler[Symbol.asyncDispose]());

  it.each(REPORTS)("%s", async (_, change) => {
    expect(await checkFilm({ ...film, ...change }, upscaler, 1)).toEqual([]);
  });

  it.each(SEEDS)("the film of seed %i", async (seed) => {
    expect(await checkRandomFilm(seed, upscaler)).toEqual([]);
  });
});
