import { PLAIN_SCALER, type Profile } from "@upreel/core";
import type { Ladder, Plan } from "@upreel/streams";
import { makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { filmChoices } from "./film-choices.ts";
import type { FilmSettings } from "./trigger.ts";

const FILE = { path: "/films/a.mkv", sizeBytes: 1, modifiedMs: 1 };
const CONFIG: FilmSettings = {
  ...{ model: "fast", quality: 20, content: undefined },
  faces: { isOn: false, strength: 0.7 },
  ...({ scale: "auto", videoEncoder: "auto" } as const),
};

const rung = (id: string, expectedSpeed: number): Ladder[number] => ({
  rung: { model: { ...PLAIN_SCALER, id, kind: "luma" }, provider: "cpu" },
  expectedSpeed,
});
const NETWORKS = [
  rung("upreel-x1.5-sharp16x4-50-int8", 0.4),
  rung("upreel-x1.5-sharp16x2-50-int8", 0.8),
  rung("upreel-x1.5-sharp16x1-50-int8", 1.2),
  rung("upreel-x1.5-sharp16x0-50-int8", 2),
];
const GRADED: Readonly<Record<string, number>> = { best: 0, balanced: 1, fast: 2, fastest: 3 };

it("each way to make a film says what it gives, how fast it is, and what it takes", async () => {
  const asked: Profile[] = [];
  const plan = async (_file: unknown, profile: Profile) => {
    asked.push(profile);
    return {
      timeline: makeTimeline(25 * 3600, { num: 25, den: 1 }),
      output: {
        ...{ inputWidth: 1280, inputHeight: 720, width: 1920, height: 1080 },
        audio: { kind: "aac", bitrate: 192_000 },
      },
      ladder: [
        ...NETWORKS,
        { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 },
      ],
    } as unknown as Plan;
  };
  const ladderFor = async ({ model }: Profile): Promise<Ladder> =>
    NETWORKS.slice(GRADED[model] ?? 0);
  const choicesAt = (quality: number) =>
    filmChoices({ config: { ...CONFIG, quality }, plan, ladderFor }, FILE);
  const { choices, ...film } = await choicesAt(20);
  expect(film).toEqual({
    ...{ path: FILE.path, width: 1280, height: 720, duration_seconds: 3600 },
  });
  expect(asked.map(({ model }) => model)).toEqual(["auto"]);
  const shown = choices.map(({ model, is_live: isLive, making_seconds: seconds, name }) => [
    ...[model, isLive, seconds, name],
  ]);
  expect(shown).toEqual([
    ["auto", true, 3000, "Fast (×1.5)"],
    ["fastest", true, 1800, "Fastest (×1.5)"],
    ["fast", true, 3000, "Fast (×1.5)"],
    ["balanced", false, 4500, "Balanced (×1.5)"],
    ["best", false, 9000, "Best (×1.5)"],
  ]);
  expect(choices[0]).toMatchObject({ width: 1920, height: 1080, expected_speed: 1.2 });
  // 6.4 Mbit/s for an hour; six steps of QUALITY halve the pictures, not the sound.
  const gigabytes = async (quality: number) =>
    ((await choicesAt(quality)).choices[0]?.disk_bytes ?? 0) / 1e9;
  expect(await gigabytes(20)).toBeCloseTo(2.86, 1);
  expect(await gigabytes(26)).toBeCloseTo(1.5, 1);
});
