import { setTimeout as sleep } from "node:timers/promises";
import {
  PLAIN_SCALER,
  type ModelSpec,
  type Output,
  type Profile,
  type RungMeasurement,
  type Timeline,
} from "@upreel/core";
import type { Ladder, LadderRung } from "@upreel/streams";
import { expectedSpeed } from "@upreel/upscaler";
import { chooseRung, type ChooseParts } from "./measure/choose-rung.ts";
import { rungOn } from "./measure/rung-on.ts";
import { variantsOf } from "./measure/variants.ts";

/**
 * Built-in networks, best picture first (docs/models.md), each in the number format that is faster here.
 * `auto` takes the best one that keeps up; a stream that falls behind goes down this list, last to the
 * plain scaler.
 */
export const BUILT_IN_LADDER = [
  "upreel-x2-live16x4",
  "upreel-x2-live16x2",
  "upreel-x2-live16x1",
  "upreel-x2-live16x0",
] as const;

/** A film that is triggered right after the first start does not wait longer for the measuring. */
const PATIENCE_MS = 2_000;

export interface LadderParts extends Omit<ChooseParts, "measurements"> {
  /** Throws `model_unknown` or `model_unusable`. */
  readonly find: (id: string) => Promise<ModelSpec>;
  /** All networks that may be used. */
  readonly networks: () => Promise<readonly ModelSpec[]>;
  /** Settles when the networks are measured. */
  readonly measurements: Promise<readonly RungMeasurement[]>;
  /** Inference threads of a run. */
  readonly threads: number;
  /** Working memory of one tile. */
  readonly tileBytes: number;
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
  const size = { width: output.inputWidth, height: output.inputHeight };
  const predict = (megapixelsPerSecond: number | undefined, provider: string): number =>
    expectedSpeed({ megapixelsPerSecond, provider, threads: parts.threads }, size, timeline.rate);
  const plain: LadderRung = {
    rung: { model: PLAIN_SCALER, provider: "ffmpeg" },
    expectedSpeed: predict(undefined, "ffmpeg"),
  };
  if (profile.model === PLAIN_SCALER.id) return [plain];

  const networks = await parts.networks();
  const measurements = await Promise.race([
    parts.measurements,
    sleep<readonly RungMeasurement[]>(PATIENCE_MS, [], { ref: false }),
  ]);
  const rungFor = (variants: readonly ModelSpec[]): readonly LadderRung[] => {
    const choice = chooseRung(variants, { ...parts, measurements });
    if (choice === undefined) return [];
    const { model, provider, megapixelsPerSecond } = choice;
    return [
      {
        rung: rungOn(model, provider, parts.tileBytes),
        expectedSpeed:
          megapixelsPerSecond === undefined ? undefined : predict(megapixelsPerSecond, provider),
      },
    ];
  };
  const builtIn = BUILT_IN_LADDER.flatMap((name) => rungFor(variantsOf(name, networks)));
  const isAuto = profile.model === "auto";
  const best = isAuto ? builtIn : await namedRung(profile.model, rungFor, parts);
  const [first] = best;
  if (first === undefined) return [plain];
  if (!parts.keepsUp) return [first];
  if (isAuto) return [...builtIn, plain];
  // Slower ones than the one asked for would be no help.
  const isFaster = ({ rung, expectedSpeed: speed }: LadderRung): boolean =>
    rung.model.id !== first.rung.model.id &&
    speed !== undefined &&
    first.expectedSpeed !== undefined &&
    speed > first.expectedSpeed;
  return [first, ...builtIn.filter(isFaster), plain];
}

/** What was asked for by name is used on the CPU even if it failed when it was measured. */
async function namedRung(
  name: string,
  rungFor: (variants: readonly ModelSpec[]) => readonly LadderRung[],
  { find, networks, providers, tileBytes }: LadderParts,
): Promise<readonly LadderRung[]> {
  const variants = variantsOf(name, await networks());
  const named = variants.length > 0 ? variants : [await find(name)];
  const rungs = rungFor(named);
  const [model] = named;
  if (rungs.length > 0 || model === undefined || !providers.includes("cpu")) return rungs;
  return [{ rung: rungOn(model, "cpu", tileBytes), expectedSpeed: undefined }];
}
