import { PLAIN_SCALER } from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import { expect, it } from "vitest";
import { chooseOutput } from "./choose-output.ts";

const USUAL = { inputWidth: 640, width: 1280 };
const LARGER = { inputWidth: 640, width: 1920 };

/** Networks of these bodies, as fast as told, before the plain scaler. */
const ladder = (scale: number, speeds: Readonly<Record<string, number | undefined>>): Ladder => [
  ...Object.entries(speeds).map(([name, expectedSpeed]) => {
    const id = name.startsWith("16x") ? `upreel-x${scale}-sharp${name}-50-int8` : name;
    return {
      rung: { model: { ...PLAIN_SCALER, id, kind: "luma" as const, scale }, provider: "cpu" },
      expectedSpeed,
    };
  }),
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 },
];
const choose = async (usual: Ladder, larger: Ladder): Promise<number> => {
  const ladderFor = async (output: typeof USUAL) => (output === USUAL ? usual : larger);
  const chosen = await chooseOutput(USUAL, LARGER, ladderFor);
  expect(chosen.ladder).toBe(chosen.output === USUAL ? usual : larger);
  return chosen.output.width;
};

it.each<[string, Ladder, Ladder, number]>([
  ["the same network holds it", ladder(2, { "16x4": 2.4 }), ladder(3, { "16x4": 1.9 }), 1920],
  [
    "a smaller network than at the usual size would be needed",
    ladder(2, { "16x4": 1.4, "16x2": 2 }),
    ladder(3, { "16x4": 1.1, "16x2": 1.6 }),
    1280,
  ],
  [
    "better ones hold neither size, and the one that is taken holds both",
    ladder(2, { "16x4": 0.8, "16x2": 1.5 }),
    ladder(3, { "16x4": 0.7, "16x2": 1.3 }),
    1920,
  ],
  ["no network holds any size", ladder(2, { "16x0": 0.9 }), ladder(3, { "16x0": 0.5 }), 1280],
  [
    "nobody knows how fast they are",
    ladder(2, { "16x4": undefined }),
    ladder(3, { "16x4": undefined }),
    1280,
  ],
  [
    "a model that suits the film makes the usual size",
    ladder(2, { anime: 1.4, "16x4": 2.4 }),
    ladder(3, { "16x4": 1.9 }),
    1280,
  ],
  [
    "there are only networks of twice the size for it",
    ladder(2, { "16x4": 2.4 }),
    ladder(2, { "16x4": 1.9 }),
    1280,
  ],
])("where %s", async (_why, usual, larger, width) => {
  expect(await choose(usual, larger)).toBe(width);
});

it("a film that has one size is asked about once", async () => {
  const asked: unknown[] = [];
  const only = ladder(2, { "16x4": 2 });
  const chosen = await chooseOutput(USUAL, undefined, async (output) => {
    asked.push(output);
    return only;
  });
  expect(chosen).toEqual({ output: USUAL, ladder: only });
  expect(asked).toEqual([USUAL]);
});
