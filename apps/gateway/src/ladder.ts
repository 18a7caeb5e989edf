import { setTimeout as sleep } from "node:timers/promises";
import {
  PLAIN_SCALER,
  type ModelSpec,
  type Output,
  type Profile,
  type Rung,
  type Timeline,
} from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import { expectedSpeed } from "@upreel/upscaler";
import type { ModelSpeeds } from "./worker-timings.ts";

/**
 * Built-in networks, best picture first (docs/models.md). `auto` takes the best one that keeps up; a
 * stream that falls behind goes down this list, last to the plain scaler.
 */
export const BUILT_IN_LADDER = [
  "upreel-x2-live16x4-int8",
  "upreel-x2-live16x2-int8",
  "upreel-x2-live16x1-int8",
  "upreel-x2-live16x0-int8",
] as const;

export const rungOf = (model: ModelSpec): Rung => ({
  model,
  provider: model.kind === "copy" ? "ffmpeg" : "cpu",
});

/** A film that is triggered right after the first start does not wait longer for the timing. */
const PATIENCE_MS = 2_000;

export interface LadderParts {
  readonly find: (id: string) => Promise<ModelSpec>;
  /** Of the networks; settles when they are timed. */
  readonly speeds: Promise<ModelSpeeds>;
  /** Inference threads of a run. */
  readonly threads: number;
  /** Without, only the best rung is used, however slow. */
  readonly keepsUp: boolean;
}

/**
 * What may make the segments of a stream. A model that was asked for by name comes first and is left
 * only for faster ones.
 */
export async function buildLadder(
  profile: Profile,
  timeline: Timeline,
  output: Output,
  parts: LadderParts,
): Promise<Ladder> {
  const speeds = await Promise.race([
    parts.speeds,
    sleep<ModelSpeeds>(PATIENCE_MS, {}, { ref: false }),
  ]);
  const ids = profile.model === "auto" ? BUILT_IN_LADDER : [profile.model, ...BUILT_IN_LADDER];
  const models = await Promise.all([...new Set(ids)].map(parts.find));
  const size = { width: output.inputWidth, height: output.inputHeight };
  const rungs = [...models.filter(({ kind }) => kind !== "copy"), PLAIN_SCALER].map((model) => {
    const measured = speeds[model.id];
    return {
      rung: rungOf(model),
      expectedSpeed:
        model.kind !== "copy" && typeof measured !== "number"
          ? undefined
          : expectedSpeed(measured ?? undefined, size, timeline.rate, parts.threads),
    };
  });
  if (profile.model === PLAIN_SCALER.id) return rungs.slice(-1);
  if (!parts.keepsUp) return rungs.slice(0, 1);
  // A network that broke when it was timed would break the runs, too.
  const working = rungs.filter(({ rung: { model } }) => speeds[model.id] !== null);
  if (profile.model === "auto") return working;
  const [first, ...others] = rungs;
  if (first === undefined) return rungs;
  // Slower ones than the one asked for would be no help.
  const isFaster = (speed: number | undefined): boolean =>
    speed !== undefined && first.expectedSpeed !== undefined && speed > first.expectedSpeed;
  return [
    first,
    ...others.filter(
      ({ rung, expectedSpeed: speed }) => rung.model.kind === "copy" || isFaster(speed),
    ),
  ];
}
