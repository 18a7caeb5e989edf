import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import {
  CONTENTS,
  type FileIdentity,
  type ModelSpec,
  type Output,
  type Profile,
  type Rung,
  type StreamRecords,
  type Log,
} from "@upreel/core";
import { chooseEncoder, countPictures, proveFilm } from "@upreel/media";
import { createStreams, type Plan, type Streams } from "@upreel/streams";
import { createCatalogue, readPublicModels, threadsFor } from "@upreel/upscaler";
import { createStreamFolders } from "@upreel/watcher";
import type { Config } from "./config.ts";
import { contentOf, madeFor } from "./content.ts";
import { readSecret } from "./installation-secret.ts";
import { createMachine, type Machine } from "./hardware/machine.ts";
import { readGpuFacts } from "./hardware/gpu-facts.ts";
import { builtInLadder, builtInScale, isSpare } from "./built-in-ladder.ts";
import { buildLadder, type LadderParts } from "./ladder.ts";
import { chooseRung } from "./measure/choose-rung.ts";
import { keepSpeeds, SPEEDS_FILE } from "./measure/kept-speeds.ts";
import { keepMeasurements } from "./measure/keep-measurements.ts";
import { measureModels } from "./measure/measure-models.ts";
import { MEASUREMENTS_FILE } from "./measure/measurements-file.ts";
import { rungOn } from "./measure/rung-on.ts";
import { variantsOf } from "./measure/variants.ts";
import { checkMemory } from "./model-memory.ts";
import { createMediaFiles, type MediaFiles } from "./media-files/media-files.ts";
import { createModels, type Models } from "./models/models.ts";
import { queuePlans } from "./plan-queue.ts";
import { cachePlans } from "./plan-cache.ts";
import { createPlanner } from "./planner.ts";
import { createRenditions, type Renditions } from "./renditions/renditions.ts";
import { importInProcess, joinInProcess } from "./worker-import.ts";
import { untilIdle } from "./until-idle.ts";
import { createFilesProcess } from "./worker-files.ts";
import { createWorkers } from "./worker-pool.ts";
import { measureInProcess } from "./worker-measure.ts";
import { makeStillInProcess } from "./worker-still.ts";

export interface Composition extends AsyncDisposable {
  readonly streams: Streams;
  readonly records: StreamRecords;
  readonly files: MediaFiles;
  readonly models: Models;
  readonly machine: Machine;
  readonly renditions: Renditions;
  /** Probes a film that somebody may play and loads its model, so that its start does not wait. */
  prepare(file: FileIdentity, profile: Profile): Promise<void>;
  /** Probes it and says what may make it. */
  plan(file: FileIdentity, profile: Profile): Promise<Plan>;
}

/** Builds everything below HTTP: the only place where the packages meet. */
export async function composeGateway(config: Config, log: Log): Promise<Composition> {
  const publicModels = await readPublicModels();
  const clock = { nowMs: () => Date.now() };
  const closing = new AbortController();
  let running: Streams | undefined = undefined;
  const catalogue = createCatalogue({
    folder: config.modelsDir,
    prepare: importInProcess,
    signal: closing.signal,
    onSettled: (model) => {
      if (closing.signal.aborted) return;
      if (model.state === "ready") measureNew();
      else log.warn(`The model ${model.id} cannot be used: ${model.reason.message}`);
    },
  });
  const { ffmpeg, ffprobe } = config;

  const trials = new Map<Profile["encoder"], Promise<Output["encoder"]>>();
  const encoderFor = (wanted: Profile["encoder"]): Promise<Output["encoder"]> => {
    const known = trials.get(wanted);
    if (known !== undefined) return known;
    const trial = chooseEncoder(wanted, { ffmpeg }, AbortSignal.timeout(30_000)).then((choice) => {
      // `auto` on a machine without a hardware encoder is no fault.
      for (const warning of choice.warnings) log[wanted === "auto" ? "info" : "warn"](warning);
      return choice.encoder;
    });
    trials.set(wanted, trial);
    trial.catch(() => trials.delete(wanted));
    return trial;
  };

  const threads = config.threads === 0 ? threadsFor(availableParallelism()) : config.threads;
  // After the trial of the encoders, which would take the time from it.
  const isTried = encoderFor(config.videoEncoder).catch(() => undefined);
  const { providers, tileBytes } = config;
  const builtInFor = (factor: number) => builtInLadder(config.sharpness, builtInScale(factor));
  const networks = async (): Promise<readonly ModelSpec[]> =>
    (await catalogue.list()).filter(({ kind }) => kind !== "copy");
  const inUse = [...builtInFor(2), ...builtInFor(1.5), config.model];
  const measurements = keepMeasurements({
    untilIdle: async () => {
      if (running !== undefined) await untilIdle(running, closing.signal);
    },
    measure: async (order) => {
      await isTried;
      const gpus = await readGpuFacts(config.vulkanDrivers);
      const file = join(config.modelsDir, MEASUREMENTS_FILE);
      const isByMeasuring = config.choosesProviderBySpeed;
      const how = { file, providers, isByMeasuring, gpus, tileBytes, ...order };
      const parts = { ...how, measure: measureInProcess, log };
      const used = (await networks()).filter(({ id }) => !isSpare(id, inUse));
      return measureModels(used, parts, closing.signal);
    },
  });
  // Without a choice between models or providers nobody asks.
  const isChosen = config.keepsUp || providers.some((each) => each !== "cpu");
  const measureNew = (): void => {
    if (isChosen) measurements.refresh();
  };
  measureNew();
  const ladderParts: LadderParts = {
    find: (id: string) => catalogue.find(id),
    networks,
    builtInFor,
    get measurements() {
      return measurements.current();
    },
    providers,
    isByMeasuring: config.choosesProviderBySpeed,
    cores: Math.min(threads, availableParallelism()),
    tileBytes,
    keepsUp: config.keepsUp,
    preferences: { named: config.modelFor, made: (content) => madeFor(content, publicModels) },
  };
  /** A model that one kind of film prefers. */
  const hasPreference = async (): Promise<boolean> => {
    const wanted = CONTENTS.flatMap((each) => [
      ...(config.modelFor[each] === undefined ? [] : [config.modelFor[each]]),
      ...madeFor(each, publicModels),
    ]);
    return (await networks()).some(({ id }) => wanted.includes(id));
  };

  /** What is known to be best now: a start does not wait for measuring. */
  const warmRungOf = async (variants: readonly ModelSpec[]): Promise<Rung | undefined> => {
    const choice = chooseRung(variants, { ...ladderParts, measurements: measurements.known() });
    return choice && rungOn(choice.model, choice.provider, tileBytes);
  };
  const warmId = config.model === "auto" ? builtInFor(2)[0] : config.model;
  const found = variantsOf(warmId, await networks());
  const warmRung = await warmRungOf(found.length > 0 ? found : [await catalogue.find(warmId)]);
  log.info(`Model ${config.model === "auto" ? "auto, " : ""}${warmRung?.model.id ?? warmId}`);
  // In the background: the first film need not wait for it, and the listening does not either.
  encoderFor(config.videoEncoder).then(
    (encoder) => log.info(`Encoder ${encoder}`),
    (error: unknown) => log.error("No video encoder works here", { error }),
  );

  await using stack = new AsyncDisposableStack();
  const filesProcess = stack.use(createFilesProcess());
  const files = createMediaFiles(filesProcess);
  const workers = stack.use(createWorkers(log, { threads, ffmpeg, device: undefined, warmRung }));
  const folders = createStreamFolders(
    { clock, log, countPictures: (file, signal) => countPictures(file, { ffprobe }, signal) },
    { dataDir: config.dataDir, listSize: config.listSize },
  );
  // In a container, its own bound.
  const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const speeds = await keepSpeeds(join(config.modelsDir, SPEEDS_FILE), { threads, log, clock });
  const planned = createPlanner(
    {
      ffprobe,
      encoderFor,
      contentOf: (profile, source, signal) =>
        contentOf(profile, source, { ffmpeg, isAsked: hasPreference, log }, signal),
      async ladderFor(profile, timeline, output) {
        const ladder = await buildLadder(profile, timeline, output, ladderParts);
        return speeds.apply(checkMemory(ladder, output, memoryBytes), output, timeline);
      },
    },
    { segmentSeconds: config.segmentSeconds, maxOutputHeight: config.maxOutputHeight },
  );
  const checked = {
    ...planned,
    plan: (...[file, profile, signal]: Parameters<typeof planned.plan>) =>
      files.use(file, () => planned.plan(file, profile, signal)),
  };
  const planner = cachePlans(queuePlans(checked, { atATime: config.plansAtATime, log }), clock);
  const secret = await readSecret(join(config.dataDir, "secret"));
  const streams = await createStreams(
    {
      ...{ folders, planner, speeds, workers, sources: files, clock, log },
      prove: (film, signal) => proveFilm(film, { ffmpeg, ffprobe }, signal),
    },
    {
      maxStreams: config.maxStreams,
      maxQueued: config.maxQueued,
      onStop: config.onStop,
      remakes: config.remakes,
      secret,
    },
  );
  // From here on the streams own the workers.
  stack.move();
  running = streams;
  const models = createModels({
    isShown: (id: string) => !isSpare(id, inUse),
    ...{ catalogue, folder: config.modelsDir, quotaBytes: config.modelsQuotaBytes },
    measurements: () => measurements.known(),
    publicModels,
    join: joinInProcess,
    warmWorker: {
      loaded: () => workers.warmRung?.model.id,
      keepWarm: async (model) => workers.keepWarm(model && (await warmRungOf([model]))),
    },
    signal: closing.signal,
  });
  const renditions = createRenditions({
    ...{ ffmpeg, ffprobe, files, dataDir: config.dataDir },
    ladderFor: (...wanted) => planner.ladderFor(...wanted),
    make: makeStillInProcess,
  });
  const machine = createMachine({
    ...{ config, measurements, encoder: () => encoderFor(config.videoEncoder) },
  });
  return {
    streams,
    records: folders.records,
    files,
    models,
    machine,
    renditions,
    plan: (file, profile) => planner.prepare(file, profile),
    async prepare(file, profile) {
      const { ladder } = await planner.prepare(file, profile);
      const first = ladder.find(({ expectedSpeed = 1 }) => expectedSpeed >= 1)?.rung;
      const isLoaded = first?.model.id === workers.warmRung?.model.id;
      if (first !== undefined && first.model.kind !== "copy" && !isLoaded)
        await workers.keepWarm(first);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await renditions[Symbol.asyncDispose]();
      await streams[Symbol.asyncDispose]();
      await speeds[Symbol.asyncDispose]();
      await filesProcess[Symbol.asyncDispose]();
    },
  };
}
