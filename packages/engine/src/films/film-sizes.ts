import type { FileIdentity, FilmChoices, FilmWish } from "@upreel/core";
import { outputSize, wishForOnePass, type Size } from "@upreel/media";
import type { Ladder } from "@upreel/streams";
import { buildLadder, type FilmSize } from "../ladder/ladder.ts";
import type { Networks } from "../ladder/networks.ts";
import type { SeenSpeeds } from "../measure/seen-speeds.ts";
import type { EncoderFor } from "../plan/encoder-trials.ts";
import type { PlanCache } from "../plan/plan-cache.ts";
import { chooseOutput } from "../plan/choose-output.ts";
import { targetOf } from "../plan/planner.ts";
import type { EngineSettings } from "../settings.ts";
import { filmChoices } from "./film-choices.ts";
import { configuredProfile } from "./trigger.ts";

/** Of films of which nobody says it, in pictures a second. */
const USUAL_RATE = 25;

/** What can be said of a film before it is made; begins nothing. */
export interface FilmSizes {
  /** What they become; undefined where they are large enough already. */
  readonly outputSize: (
    input: Size & { readonly framesPerSecond?: number },
    wish?: FilmWish,
  ) => Promise<Size | undefined>;
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
  seen,
}: {
  readonly settings: EngineSettings;
  readonly networks: Networks;
  readonly encoderFor: EncoderFor;
  readonly planner: Pick<PlanCache, "prepare" | "ladderFor">;
  readonly seen: SeenSpeeds;
}): FilmSizes {
  const look = async (input: Size, rate: FilmSize["rate"], wish: FilmWish | undefined) => {
    const profile = configuredProfile(settings, wish);
    const encoder = await encoderFor(profile.encoder);
    const how = {
      ...{ scale: profile.scale, maxOutputHeight: settings.maxOutputHeight, encoder },
      targetHeight: targetOf(profile, () => networks.screenLines()),
      factors: await networks.factorsOf(profile.model),
    };
    const measured = Promise.resolve(networks.ladderParts.offer);
    const made = (size: Size) => ({
      ...{ inputWidth: input.width, inputHeight: input.height, encoder },
      ...size,
    });
    // As the planner does it, by what is known now: a player that asks for a size does not wait for measuring.
    const ladderFor = async (output: ReturnType<typeof made>): Promise<Ladder> => {
      const parts = { ...networks.ladderParts, measured };
      return seen(await buildLadder(profile, { rate }, output, parts), output, { rate });
    };
    const usual = outputSize(input, how);
    const onePass = wishForOnePass(input, how);
    const larger = onePass && outputSize(input, onePass);
    return { usual, larger: larger && made(larger), made, ladderFor };
  };
  const sizeOf: FilmSizes["outputSize"] = async (input, wish) => {
    const rate = { num: Math.round(1_000 * (input.framesPerSecond ?? USUAL_RATE)), den: 1_000 };
    const { usual, larger, made, ladderFor } = await look(input, rate, wish);
    // Most films have no second way: nothing is asked for them.
    if (usual === undefined || larger === undefined) return usual;
    // A model that is gone is told where the film is triggered: a player that asks for its size is answered in any case.
    const chosen = await chooseOutput(made(usual), larger, ladderFor).catch(() => undefined);
    const { width, height } = chosen?.output ?? usual;
    return { width, height };
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
      const size = { width, height };
      const { usual = size, larger, made, ladderFor } = await look(size, rate, wish);
      return (await chooseOutput(made(usual), larger, ladderFor)).ladder;
    },
  };
}
