import { availableParallelism, hostname } from "node:os";
import {
  CONTENTS,
  GRADES,
  isGrade,
  type Log,
  type ModelSpec,
  type Offer,
  type Rung,
} from "@upreel/core";
import type { Catalogue, PublicModel } from "@upreel/upscaler";
import { chooseRung, howToChoose } from "../measure/choose-rung.ts";
import type { MeasurementKeeper } from "../measure/keep-measurements.ts";
import { measureWhenQuiet, type QuietParts } from "../measure/measure-when-quiet.ts";
import { rungOn } from "../measure/rung-on.ts";
import { variantsOf } from "../models/variants.ts";
import { madeFor } from "./content.ts";
import type { EngineSettings } from "../settings.ts";
import {
  builtInLadder,
  builtInNetworks,
  isSpare,
  twinsOf,
  type FilmNeeds,
} from "./built-in-ladder.ts";
import type { LadderParts } from "./ladder.ts";
import { screenLines } from "./screen-lines.ts";

/** The networks of this machine, and how fast each is on it. */
export interface Networks {
  readonly measurements: MeasurementKeeper;
  /** The places of this machine: all have what it was measured to do. */
  offers(): readonly Offer[];
  /** What ladders are built of. */
  readonly ladderParts: LadderParts;
  /** Measures what is not measured yet, where anybody asks for it. */
  measureNew(): void;
  /** Whether one kind of film prefers a model that is there. */
  hasPreference(): Promise<boolean>;
  /** What is known to be the best of these now: a start does not wait for measuring. */
  warmRungOf(variants: readonly ModelSpec[]): Promise<Rung | undefined>;
  /** What a film is most likely made by. */
  firstRung(): Promise<Rung | undefined>;
  /** Lines of the screen that films are made for. */
  screenLines(): number;
  /** By how much a model that is named enlarges; undefined: as the built-in ones. */
  factorsOf(model: string): Promise<readonly number[] | undefined>;
  /** Whether it is shown to people; not one that only stands in for another. */
  isShown(id: string): boolean;
}

export interface NetworksParts {
  readonly settings: EngineSettings;
  readonly catalogue: Catalogue;
  readonly publicModels: readonly PublicModel[];
  /** Inference threads of one run. */
  readonly threads: number;
  /** Settles when nothing else takes the machine's time. */
  readonly untilQuiet: () => Promise<void>;
  /** Aborts when something does. */
  readonly untilBusy: () => Disposable & { readonly signal: AbortSignal };
  /** How fast networks on the CPU are, in a moment. */
  readonly look: QuietParts["look"];
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function openNetworks(parts: NetworksParts): Networks {
  const { settings, catalogue, publicModels, log } = parts;
  const { providers, tileBytes, choosesProviderBySpeed: isByMeasuring, modelFor } = settings;
  const builtInFor = (film: FilmNeeds): readonly [string, ...string[]] =>
    builtInLadder(film.sharpness ?? settings.sharpness, film);
  const inUse = [...builtInNetworks(settings.sharpness), settings.model];
  const networks = async (): Promise<readonly ModelSpec[]> =>
    (await catalogue.list()).filter(({ kind }) => kind !== "copy");
  const measurements = measureWhenQuiet(parts, async () =>
    (await networks()).filter(({ id }) => !isSpare(id, inUse)),
  );
  const machine = hostname();
  const cores = Math.min(parts.threads, availableParallelism());
  const offerOf = (place: number, speeds: Offer["speeds"]): Offer => ({
    ...{ id: `${machine}/${place}`, machine, providers, cores, speeds },
  });
  const ladderParts: LadderParts = {
    find: (id: string) => catalogue.find(id),
    networks,
    builtInFor,
    get offer() {
      return offerOf(0, withTwins(measurements.known()));
    },
    get measured() {
      return measurements.current().then((speeds) => offerOf(0, withTwins(speeds)));
    },
    ...{ isByMeasuring, tileBytes, keepsUp: settings.keepsUp },
    preferences: { named: modelFor, made: (content) => madeFor(content, publicModels) },
  };
  // Without a choice between models or providers nobody asks.
  const isChosen = settings.keepsUp || providers.some((each) => each !== "cpu");
  const warmRungOf: Networks["warmRungOf"] = async (variants) => {
    const choice = chooseRung(variants, howToChoose(ladderParts.offer, { isByMeasuring }));
    return choice && rungOn(choice.model, choice.provider, tileBytes);
  };
  return {
    measurements,
    ladderParts,
    offers: () =>
      Array.from({ length: settings.maxStreams }, (_, place) =>
        offerOf(place, measurements.known()),
      ),
    measureNew() {
      if (isChosen) measurements.refresh();
    },
    async hasPreference() {
      const wanted = CONTENTS.flatMap((each) => [
        ...(modelFor[each] === undefined ? [] : [modelFor[each]]),
        ...madeFor(each, publicModels),
      ]);
      return (await networks()).some(({ id }) => wanted.includes(id));
    },
    warmRungOf,
    async firstRung() {
      const { model } = settings;
      const isBuiltIn = model === "auto" || isGrade(model);
      const builtIn = builtInFor({});
      // Of a model that is not named first segments are made by the quickest.
      const quickest = settings.keepsUp ? builtIn.length - 1 : 0;
      const place = isGrade(model) ? GRADES.indexOf(model) : quickest;
      const id = (isBuiltIn ? builtIn[place] : undefined) ?? model;
      const found = variantsOf(id, await networks());
      const rung = await warmRungOf(found.length > 0 ? found : [await catalogue.find(id)]);
      const what = model === "auto" ? "auto, first segments by " : isBuiltIn ? `${model}, ` : "";
      log.info(`Model ${what}${rung?.model.id ?? id}`);
      return rung;
    },
    screenLines: () =>
      settings.targetHeight ?? screenLines(measurements.known(), builtInFor({}), cores),
    async factorsOf(model) {
      const [named] = variantsOf(model, await networks());
      return named === undefined ? undefined : [named.scale];
    },
    isShown: (id) => !isSpare(id, inUse),
  };
}

/** Of another strength than the one in use nothing is measured: it is as fast. */
const withTwins = (speeds: Offer["speeds"]): Offer["speeds"] => {
  const known = new Set(speeds.map(({ model }) => model));
  const twins = speeds.flatMap((each) =>
    twinsOf(each.model)
      .filter((twin) => !known.has(twin))
      .map((model) => ({ ...each, model })),
  );
  return [...speeds, ...twins];
};
