import { PLAIN_SCALER } from "@upreel/core";
import { keepMeasurements, type FilmSizes, type ForeseeDependencies } from "@upreel/engine";
import { outputSize } from "@upreel/media";
import { makeTimeline } from "@upreel/testkit";
import type { Config } from "../config.ts";

const CHOICE = {
  ...{ id: "net", name: "Net", good_at: null, width: 1280, height: 720 },
  disk_bytes: 250_000_000,
};

/** What a machine with one network would make of films, none of which is looked at: each lasts six minutes. */
export function createFakeSizes(
  config: Pick<Config, "scale" | "maxOutputHeight" | "targetHeight">,
) {
  const speed = { foreseen: 3 };
  const ladderOf = async () => [
    {
      rung: { model: { ...PLAIN_SCALER, id: "net", kind: "luma" }, provider: "cpu" },
      expectedSpeed: speed.foreseen,
    } as const,
    { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 } as const,
  ];
  const plan: ForeseeDependencies["plan"] = async () => ({
    timeline: makeTimeline(25 * 360, { num: 25, den: 1 }),
    ladder: await ladderOf(),
  });
  const sizes: FilmSizes = {
    ladderOf,
    outputSize: async (input, wish) =>
      outputSize(input, {
        ...{ scale: wish?.scale ?? config.scale, encoder: "libx264" },
        ...{ maxOutputHeight: config.maxOutputHeight },
        targetHeight: wish?.target_height ?? config.targetHeight,
      }),
    choicesOf: async ({ path }) => ({
      ...{ path, width: 640, height: 360, duration_seconds: 360 },
      choices: [
        { ...CHOICE, model: "auto", expected_speed: 2.5, making_seconds: 144, is_live: true },
        { ...CHOICE, model: "best", expected_speed: 0.5, making_seconds: 720, is_live: false },
      ],
    }),
  };
  return { ...sizes, plan, speed };
}

/** One model that a GPU refuses, and that the processor runs. */
export const fakeMeasurements = () =>
  keepMeasurements({
    untilIdle: () => Promise.resolve(),
    measure: async ({ onMeasured }) => {
      onMeasured(1, 1);
      const reason = { code: "inference_failed", message: "no" } as const;
      return [
        { model: "a", provider: "webgpu", measurement: { outcome: "refused", reason } },
        {
          ...{ model: "a", provider: "cpu" },
          measurement: {
            ...{ outcome: "proven", megapixelsPerSecond: 9.216, likenessDb: null, nodes: {} },
          },
        },
      ];
    },
  });
