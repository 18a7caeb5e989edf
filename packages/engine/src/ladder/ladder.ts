import { setTimeout as sleep } from "node:timers/promises";
import {
  GRADES,
  isGrade,
  PLAIN_SCALER,
  told,
  type ModelSpec,
  type Offer,
  type Output,
  type Profile,
  type Timeline,
  type Told,
} from "@upreel/core";
import type { Ladder, LadderRung } from "@upreel/streams";
import { expectedSpeed } from "@upreel/upscaler";
import { removesBlocks, type FilmNeeds } from "./built-in-ladder.ts";
import type { Preferences } from "./content.ts";
import { chooseRung, howToChoose } from "../measure/choose-rung.ts";
import { explainRung, placeOf, SUSTAINED_SPEED } from "./explain-rung.ts";
import { rungOn } from "../measure/rung-on.ts";
import { variantsOf } from "../models/variants.ts";

/** A film that is triggered right after the first start does not wait longer for the measuring. */
const PATIENCE_MS = 2_000;

const ASKED_FOR = told("rung_asked_for");
const REMOVES_BLOCKS = told("rung_removes_blocks");

/** A rung whose reason is not put together yet. */
interface Draft extends LadderRung {
  /** Why it stands where it does, where that is not told by its neighbours. */
  readonly place?: Told | undefined;
  /** How fast it should be, where it is a model. */
  readonly detail?: Told | undefined;
  /** The property of the film that it is chosen for. */
  readonly fit?: Told | undefined;
}

/** What a film's speed depends on. */
export interface FilmSize {
  readonly width: number;
  readonly height: number;
  readonly rate: Timeline["rate"];
}

export interface LadderParts {
  /** Throws `model_unknown` or `model_unusable`. */
  readonly find: (id: string) => Promise<ModelSpec>;
  /** All networks that may be used. */
  readonly networks: () => Promise<readonly ModelSpec[]>;
  /** Built-in networks that `auto` may take for a film, best picture first. */
  readonly builtInFor: (film: FilmNeeds) => readonly string[];
  /** What the place where it is made offers, as far as is known. */
  readonly offer: Offer;
  /** The same, once the networks are measured there. */
  readonly measured: Promise<Offer>;
  /** Speed decides between providers, not their order. */
  readonly isByMeasuring: boolean;
  /** Working memory of one tile. */
  readonly tileBytes: number;
  /** Without, only the best rung is used, however slow. */
  readonly keepsUp: boolean;
  /** What `auto` takes for films of one kind. */
  readonly preferences: Preferences;
}

/**
 * What may make the segments of a stream. A model that was asked for by name comes first and is left
 * only for faster ones.
 */
export async function buildLadder(
  profile: Pick<Profile, "model" | "sharpness">,
  timeline: Pick<Timeline, "rate">,
  output: Pick<
    Output,
    "inputWidth" | "inputHeight" | "width" | "height" | "leavesBlocks" | "content"
  >,
  parts: LadderParts,
): Promise<Ladder> {
  const size = { width: output.inputWidth, height: output.inputHeight };
  const { cores } = parts.offer;
  const { leavesBlocks } = output;
  const predict = (megapixelsPerSecond: number | undefined, provider: string): number =>
    expectedSpeed({ megapixelsPerSecond, provider, cores }, output, timeline.rate);
  const plain: Draft = {
    rung: { model: PLAIN_SCALER, provider: "ffmpeg" },
    expectedSpeed: predict(undefined, "ffmpeg"),
  };
  if (profile.model === PLAIN_SCALER.id) return explained([{ ...plain, place: ASKED_FOR }]);

  const networks = await parts.networks();
  const offer = await Promise.race([
    parts.measured,
    sleep(PATIENCE_MS, { ...parts.offer, speeds: [] }, { ref: false }),
  ]);
  const rungFor = (variants: readonly ModelSpec[], place?: Told): readonly Draft[] => {
    const choice = chooseRung(variants, howToChoose(offer, parts));
    if (choice === undefined) return [];
    const { model, provider, megapixelsPerSecond } = choice;
    const rung = rungOn(model, provider, parts.tileBytes);
    const speed =
      megapixelsPerSecond === undefined ? undefined : predict(megapixelsPerSecond, provider);
    const detail = explainRung(rung, speed);
    const fit = leavesBlocks && removesBlocks(model.id) ? REMOVES_BLOCKS : undefined;
    return [{ rung, expectedSpeed: speed, place, detail, fit }];
  };
  const byName = (name: string, place?: Told): readonly Draft[] =>
    rungFor(variantsOf(name, networks), place);
  const factor = Math.max(output.width / size.width, output.height / size.height);
  const needs = { factor, leavesBlocks, sharpness: profile.sharpness };
  const builtIn = parts.builtInFor(needs).flatMap((name) => byName(name));
  if (isGrade(profile.model)) {
    // A better one than was asked for is never begun.
    const names = parts.builtInFor(needs).slice(GRADES.indexOf(profile.model));
    const graded = names.flatMap((name, at) => byName(name, at === 0 ? ASKED_FOR : undefined));
    return explained(
      parts.keepsUp || graded.length === 0 ? [...graded, plain] : graded.slice(0, 1),
    );
  }
  const isAuto = profile.model === "auto";
  const preferred = isAuto ? preferredRungs(output.content, byName, parts.preferences) : [];
  const best = isAuto
    ? [...preferred, ...builtIn]
    : await namedRung(profile.model, (named) => rungFor(named, ASKED_FOR), parts);
  const [first] = best;
  if (first === undefined) return explained([plain]);
  if (!parts.keepsUp) return explained([first]);
  if (isAuto) return explained([...best, plain]);
  // Slower ones than the one asked for would be no help.
  const isFaster = ({ rung, expectedSpeed: speed }: Draft): boolean =>
    rung.model.id !== first.rung.model.id &&
    speed !== undefined &&
    first.expectedSpeed !== undefined &&
    speed > first.expectedSpeed;
  return explained([first, ...builtIn.filter(isFaster), plain]);
}

/** Models for this kind of film: the one that the settings name, and others that are fast enough. */
function preferredRungs(
  content: Output["content"],
  byName: (name: string, place: Told) => readonly Draft[],
  { named, made }: Preferences,
): readonly Draft[] {
  if (content === undefined) return [];
  const { kind, why } = content;
  const wanted = named[kind];
  if (wanted !== undefined) return byName(wanted, told(`rung_set_for_${kind}`, { reason: why }));
  return made(kind)
    .flatMap((name) => byName(name, told(`rung_made_for_${kind}`, { reason: why })))
    .filter(({ expectedSpeed: speed = 0 }) => speed >= SUSTAINED_SPEED);
}

const explained = (drafts: readonly Draft[]): Ladder =>
  drafts.map(({ rung, expectedSpeed: speed, place, detail, fit }, level) => ({
    rung: {
      ...rung,
      why: [detail, place ?? placeOf(drafts, level), fit].filter((each) => each !== undefined),
    },
    expectedSpeed: speed,
  }));

/** What was asked for by name is used on the CPU even if it failed when it was measured. */
async function namedRung(
  name: string,
  rungFor: (variants: readonly ModelSpec[]) => readonly Draft[],
  { find, networks, offer: { providers }, tileBytes }: LadderParts,
): Promise<readonly Draft[]> {
  const variants = variantsOf(name, await networks());
  const named = variants.length > 0 ? variants : [await find(name)];
  const rungs = rungFor(named);
  const [model] = named;
  if (rungs.length > 0 || model === undefined || !providers.includes("cpu")) return rungs;
  const detail = told("rung_untried");
  const rung = rungOn(model, "cpu", tileBytes);
  return [{ rung, expectedSpeed: undefined, place: ASKED_FOR, detail }];
}
