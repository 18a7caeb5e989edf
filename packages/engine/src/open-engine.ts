import { join } from "node:path";
import {
  type EventSink,
  type FileIdentity,
  type FilmFacts,
  type Jobs,
  type Leases,
  type Log,
  type Profile,
  type StreamRecords,
} from "@upreel/core";
import { countPictures, proveFilm } from "@upreel/media";
import { createFilesProcess, createMediaFiles, type MediaFiles } from "@upreel/sources";
import { createStreams, type Plan, type Streams } from "@upreel/streams";
import { createStreamFolders } from "@upreel/watcher";
import {
  createFilmLooker,
  createWorkers,
  makeStillInProcess,
  withFarm,
  type WorkerPool,
} from "@upreel/workers";
import { openFaceModels, type FaceModels } from "./faces/face-models.ts";
import { networkFiles } from "./faces/network-files.ts";
import { createAnswersFirst } from "./films/answers-first.ts";
import { createMachine, type Machine } from "./machine/machine.ts";
import { readSecret } from "./installation-secret.ts";
import { openFarm, seenByFarm, speedAt, type FarmDesk } from "./farm/open-farm.ts";
import { createFilmPreview, type FilmPreview } from "./films/film-preview.ts";
import { createFilmSizes, type FilmSizes } from "./films/film-sizes.ts";
import { prepareFilm } from "./films/prepare-film.ts";
import { keepSpeeds, SPEEDS_FILE } from "./measure/kept-speeds.ts";
import { untilNobodyWaits } from "./measure/until-nobody-waits.ts";
import type { Models } from "./models/models-api.ts";
import { logEncoder, openTrials } from "./open-trials.ts";
import { openModelsOf, openNetworkParts, openPicturesOf } from "./open-network-parts.ts";
import type { Pictures } from "./pictures/pictures.ts";
import { openPlanner } from "./plan/open-planner.ts";
import { createRenditions, type Renditions } from "./renditions/renditions.ts";
import type { EngineSettings } from "./settings.ts";

/** All that makes and keeps films, without anybody who asks for them. */
export interface Engine extends AsyncDisposable, FilmSizes {
  readonly streams: Streams;
  readonly records: StreamRecords;
  readonly files: MediaFiles;
  readonly models: Models;
  readonly machine: Machine;
  readonly pictures: Pictures;
  /** What restores faces. */
  readonly faces: FaceModels;
  readonly renditions: Renditions;
  /** Other machines that make segments. */
  readonly farm: FarmDesk;
  /** Path here of the network with this hash. Throws `model_unknown`. */
  readonly modelFile: (hash: string) => Promise<string>;
  /** Probes a film that somebody may play and loads its model, so that its start does not wait. */
  prepare(file: FileIdentity, profile: Profile): Promise<void>;
  /** Path of a picture of a film as a model would make it, before it is begun. */
  readonly preview: FilmPreview;
  /** Probes it and says what may make it. */
  plan(file: FileIdentity, profile: Profile): Promise<Plan>;
}

/** Of folders of new streams: what is first written into one makes it in any case. */
const FOLDERS_WAIT_MS = 5_000;

interface EngineParts {
  readonly events: EventSink;
  readonly jobs: Jobs;
  /** What a plugin found out of a file; without, the engine looks itself. */
  readonly factsOf?: (file: FileIdentity) => Promise<FilmFacts | undefined>;
  /** Where several gateways share the data folder. */
  readonly leases?: Leases;
}

const clock = { nowMs: () => Date.now() };
/** Set by nobody: a machine that learns the time late, as a Raspberry Pi does, has viewers by then. */
const steadyClock = { nowMs: () => performance.timeOrigin + performance.now() };

/** Opens the engine: the only place where the packages meet. */
export async function openEngine(
  settings: EngineSettings,
  log: Log,
  { events, jobs, leases, factsOf = () => Promise.resolve(undefined) }: EngineParts,
): Promise<Engine> {
  const closing = new AbortController();
  let running: Streams | undefined = undefined;
  const { promise: opened, resolve: open } = Promise.withResolvers<WorkerPool>();
  const trials = openTrials(settings, log, () => running, closing.signal);
  const { quiet, encoderFor, toneMapping } = trials;
  const machineParts = await openNetworkParts(settings, log, {
    ...quiet,
    trials: trials.over,
    look: async (rungs) => (await opened).look(rungs),
  });
  const { networks, threads } = machineParts;
  const warmRung = await networks.firstRung();
  // In the background: the first film need not wait for it, and the listening does not either.
  void logEncoder(trials.encoder, log);

  await using stack = new AsyncDisposableStack();
  const { ffmpeg, ffprobe, dataDir, ownDir, segmentSeconds } = settings;
  const filesProcess = stack.use(createFilesProcess());
  const looker = stack.use(createFilmLooker({ log }));
  const { look } = looker;
  const { during, whenAnswered } = createAnswersFirst();
  const found = createMediaFiles(filesProcess);
  const files: MediaFiles = { ...found, locate: (...film) => during(found.locate(...film)) };
  const folders = createStreamFolders(
    {
      ...{ clock, log, leases, whenAnswered: () => whenAnswered(FOLDERS_WAIT_MS) },
      countPictures: (file, signal) => countPictures(file, { ffprobe }, signal),
    },
    { dataDir, listSize: settings.listSize },
  );
  const faces = openFaceModels({ settings, log, signal: closing.signal });
  const models = networkFiles(machineParts.catalogue, faces);
  const resolvers = { sources: files, models, segments: folders.segments };
  const workers = stack.use(
    createWorkers(log, {
      ...{ threads, ffmpeg, warmRung, resolvers, toneMapping },
      offers: () => networks.offers(),
    }),
  );
  open(workers);
  const { farm, desk } = await openFarm(dataDir, { log, events, segments: folders.segments });
  const speeds = await keepSpeeds(join(settings.modelsDir, SPEEDS_FILE), { threads, log, clock });
  const seen = seenByFarm(farm, speeds, settings);
  const planner = openPlanner(settings, {
    ...{ files, networks, seen, faces, encoderFor, look, factsOf, clock, log, whenAnswered },
    whenQuiet: (signal) => (running ? untilNobodyWaits(running, signal) : Promise.resolve()),
  });
  const { maxQueued, onStop, remakes, growthTimeoutMs } = settings;
  const made = await createStreams(
    {
      ...{ folders, leases, planner, speeds, sources: files, clock, steadyClock, log },
      workers: withFarm(workers, farm, { plansOnly: settings.farm === "only" }),
      speedAt: (...asked) => speedAt(...asked, farm),
      prove: (film, signal) => proveFilm(film, { ffmpeg, ffprobe }, signal),
    },
    {
      ...{ maxQueued, onStop, remakes, growthTimeoutMs },
      secret: await readSecret(join(dataDir, "secret")),
    },
  );
  const streams: Streams = { ...made, trigger: (request) => during(made.trigger(request)) };
  // From here on the streams own the workers.
  stack.move();
  running = streams;
  const renditions = createRenditions({
    ...{ ffmpeg, ffprobe, look, files, dataDir, ownDir, segmentSeconds },
    ...{ ladderFor: (...wanted) => planner.ladderFor(...wanted), timed: planner.timed },
    make: makeStillInProcess,
  });
  const pictures = openPicturesOf(settings, machineParts, faces);
  return {
    ...{ streams, files, renditions, pictures, faces, records: folders.records, farm: desk },
    modelFile: (hash) => models.fileOf({ id: "asked for", hash }, closing.signal),
    models: openModelsOf(settings, machineParts, workers, { signal: closing.signal, jobs }),
    machine: createMachine({
      ...{ config: settings, measurements: networks.measurements },
      encoder: () => encoderFor(settings.videoEncoder),
      bestEncoder: () => encoderFor("auto"),
    }),
    ...createFilmSizes({ settings, networks, encoderFor, planner, seen }),
    plan: (file, profile) => planner.prepare(file, profile),
    preview: createFilmPreview({ settings, planner, dataDir: ownDir, stills: renditions.stills }),
    prepare: (file, profile) => prepareFilm(file, profile, { planner, workers }),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([renditions, pictures].map((each) => each[Symbol.asyncDispose]()));
      await streams[Symbol.asyncDispose]();
      await speeds[Symbol.asyncDispose]();
      await networks.measurements.close();
      await looker[Symbol.asyncDispose]();
      await filesProcess[Symbol.asyncDispose]();
    },
  };
}
