import type { FileIdentity, FilmChoices, FilmWish } from "@upreel/core";
import { outputSize, type Size } from "@upreel/media";
import type { Ladder } from "@upreel/streams";
import { buildLadder, type FilmSize } from "../ladder/ladder.ts";
import type { Networks } from "../ladder/networks.ts";
import type { EncoderFor } from "../plan/encoder-trials.ts";
import type { PlanCache } from "../plan/plan-cache.ts";
import { targetOf } from "../plan/planner.ts";
import type { EngineSettings } from "../settings.ts";
import { filmChoices } from "./film-choices.ts";
import { configuredProfile } from "./trigger.ts";

/** What can be said of a film before it is made; begins nothing. */
export interface FilmSizes {
  /** What they become; undefined where they are large enough already. */
  readonly outputSize: (input: Size, wish?: FilmWish) => Promise<Size | undefined>;
  /** What may make it, as far as is known now. */
  readonly ladderOf: (size: FilmSize, wish?: FilmWish) => Promise<Ladder>;
  /** How it can be made, and what each way takes: by a look into its file. Throws what the planner throws. */
  readonly choicesOf: (file: FileIdentity) => Promise<FilmChoices>;
}

export function createFilmSizes({
  settings,
  networks,
  encoderFor,
  planner,
}: {
  readonly settings: EngineSettings;
  readonly networks: Networks;
  readonly encoderFor: EncoderFor;
  readonly planner: Pick<PlanCache, "prepare" | "ladderFor">;
}): FilmSizes {
  const sizeOf: FilmSizes["outputSize"] = async (input, wish) => {
    const profile = configuredProfile(settings, wish);
    return outputSize(input, {
      ...{ scale: profile.scale, maxOutputHeight: settings.maxOutputHeight },
      encoder: await encoderFor(profile.encoder),
      targetHeight: targetOf(profile, () => networks.screenLines()),
      factors: await networks.factorsOf(profile.model),
    });
  };
  return {
    outputSize: sizeOf,
    choicesOf: (file) =>
      filmChoices(
        {
          config: settings,
          plan: (...given) => planner.prepare(...given),
          ladderFor: (...given) => planner.ladderFor(...given),
        },
        file,
      ),
    async ladderOf({ width, height, rate }, wish) {
      const size = (await sizeOf({ width, height }, wish)) ?? { width, height };
      const profile = configuredProfile(settings, wish);
      const output = { inputWidth: width, inputHeight: height, ...size };
      const measured = Promise.resolve(networks.ladderParts.offer);
      return buildLadder(profile, { rate }, output, { ...networks.ladderParts, measured });
    },
  };
}
