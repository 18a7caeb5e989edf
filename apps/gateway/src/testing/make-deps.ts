import { join } from "node:path";
import { createEventBus, type EventBus, type Log } from "@upreel/core";
import {
  createExporter,
  createMachine,
  createPictures,
  createRenditions,
  keepEvictedFilms,
  keepQueue,
  nameRung,
  openFarm,
  openFaceModels,
  openModels,
  type FaceModels,
  rungOn,
  type FarmDesk,
  type FilmPreview,
  type Pictures,
} from "@upreel/engine";
import { takeLook } from "@upreel/media";
import { createLocalJobs } from "@upreel/jobs";
import type { FilmChapter } from "@upreel/scan";
import { directFiles } from "@upreel/sources";
import type { Catalogue, PublicModel } from "@upreel/upscaler";
import {
  createFakeStreams,
  type FakeStreams,
} from "../../../../packages/streams/src/testing/fake-streams.ts";
import { openWebhooks } from "@upreel/webhooks";
import type { Config } from "../config.ts";
import type { SettingsStore } from "../config/settings-store.ts";
import { good } from "../doctor/findings.ts";
import type { HoldTiming } from "../http/deps.ts";
import { readBuiltPages } from "../http/server/built-pages.ts";
import { createJellyfin } from "../jellyfin/jellyfin.ts";
import { openLibraryPictures } from "../jellyfin/pictures/library-pictures.ts";
import { createLogFeed } from "../logging/log-feed.ts";
import { createLoopLagMeter } from "../loop-lag.ts";
import type { AnswerTiming, ProxyDeps } from "../proxy/deps.ts";
import { openGatewayScans } from "../scans/gateway-scans.ts";
import { openShelf } from "../shelf/create-shelf.ts";
import { createPlaybacks } from "../viewing/playbacks.ts";
import { createFakeSizes, fakeMeasurements } from "./fake-machine.ts";
import { makePages } from "./make-pages.ts";

/** What a test may put in place of what it does not care about. */
export interface GivenParts {
  /** Built pages; small made-up ones otherwise. */
  readonly pagesFolder?: string;
  /** In place of those that can really be downloaded. */
  readonly publicModels?: readonly PublicModel[];
  /** In place of one that gives nothing up because a machine is slow. */
  readonly answerTiming?: AnswerTiming;
  /** In place of one that nobody joined. */
  readonly farm?: FarmDesk;
  /** In place of one by real models. */
  readonly preview?: FilmPreview;
}

export interface MadeDeps {
  readonly deps: ProxyDeps;
  readonly streams: FakeStreams;
  /** What plugins found in films, by their paths, in place of what they really find. */
  readonly chapters: Map<string, readonly FilmChapter[]>;
  /** The plugin that looks at a film, by the film's path. */
  readonly looking: Map<string, string>;
  readonly events: EventBus;
  readonly speed: { foreseen: number };
}

const NO_SEGMENTS = { accept: () => Promise.reject(new Error("no run goes on")) };

/** Nothing is given up because a machine is slow. */
export const PATIENT: AnswerTiming = {
  ...{ answerMs: 30_000, proofMs: 60_000 },
  ...{ namesMs: 30_000, wayBackMs: 30_000 },
};

/** All that routes and proxy need: real, but for streams, what a machine can do, and what a doctor finds. */
export async function makeDeps(
  stack: AsyncDisposableStack,
  order: {
    readonly folder: string;
    readonly settings: SettingsStore;
    readonly hold: HoldTiming;
    readonly closing: AbortSignal;
    readonly log: Log;
    readonly given: GivenParts;
  },
): Promise<MadeDeps> {
  const { folder, settings, hold, closing, log, given } = order;
  const { config } = settings;
  const { dataDir } = config;
  const streams = createFakeStreams(dataDir);
  const sizes = createFakeSizes(config);
  const clock = { nowMs: () => Date.now() };
  const events = createEventBus(log, clock.nowMs);
  const films = { streams, records: streams.records, files: directFiles(), log };
  const onDisks = { ...films, roots: config.mediaRoots, events };
  const playbacks = createPlaybacks(clock);
  const { outputSize, choicesOf, ladderOf, plan } = sizes;
  const jellyfin = stack.use(createJellyfin({ ...onDisks, config, plan, outputSize, playbacks }));
  const jobs = stack.use(createLocalJobs());
  const opening = { signal: closing, jobs };
  const { models, catalogue } = await openModels(config, opening, given.publicModels);
  const timed = { of: () => Promise.reject(new Error("nobody plans films here")) };
  const made = { ladderFor: async () => [], make: async () => null, timed };
  const renditions = stack.use(
    createRenditions({ ...config, look: takeLook, files: films.files, ...made }),
  );
  const exporter = stack.use(
    createExporter(config, {
      ...{ ...films, jobs, partsOf: async () => [] },
      onExported: () => undefined,
    }),
  );
  const chapters = new Map<string, readonly FilmChapter[]>();
  const looking = new Map<string, string>();
  const scans = stack.use(openGatewayScans(config, { ...onDisks, jobs, niceness: 0 }));
  const faces = openFaceModels({ settings: config, log, signal: closing });
  const pictures = stack.use(makePictures(config, faces, catalogue));
  const deps: ProxyDeps = {
    ...{ ...onDisks, config, settings, jellyfin, playbacks, outputSize, choicesOf, plan },
    ...{ models, renditions, exporter, jobs, hold, closing },
    preview: given.preview ?? (() => Promise.reject(new Error("no pictures are made here"))),
    evicted: keepEvictedFilms(dataDir),
    queue: stack.use(await keepQueue(dataDir, { log })),
    restart: () => log.info("restart"),
    prepare: async ({ path }) => log.info(`prepare ${path}`),
    farm: given.farm ?? (await openFarm(dataDir, { log, events, segments: NO_SEGMENTS })).desk,
    modelFile: async (hash) => join(folder, hash),
    loopLag: stack.use(createLoopLagMeter()),
    logFeed: createLogFeed(),
    machine: createMachine({
      ...{ config, measurements: fakeMeasurements() },
      encoder: async () => "libx264",
      bestEncoder: async () => "libx264",
    }),
    ...{ pictures, faces },
    libraryPictures: stack.use(await openLibraryPictures(dataDir, { jellyfin, pictures, log })),
    pages: await readBuiltPages(given.pagesFolder ?? (await makePages(join(folder, "pages")))),
    shelf: stack.use(await openShelf(config, { ...onDisks, outputSize, ladderOf, clock })),
    scans: {
      ...scans,
      chapters: async (file) => chapters.get(file.path) ?? scans.chapters(file),
      lookingAt: (path) => looking.get(path),
    },
    webhooks: stack.use(await openWebhooks({ dataDir, events, log, ...clock })),
    doctor: async () => [good("node", "node_works", { version: "26", cores: 2 })],
    answerTiming: given.answerTiming ?? PATIENT,
  };
  return { deps, streams, chapters, looking, events, speed: sizes.speed };
}

/** By real networks, in one thread. */
function makePictures(
  { sharpness, tileBytes }: Config,
  faces: FaceModels,
  catalogue: Catalogue,
): Pictures {
  const rungOf = async ([model]: Parameters<Parameters<typeof nameRung>[1]["rungOf"]>[0]) =>
    model && rungOn(model, "cpu", tileBytes);
  return createPictures({
    rungNamed: (name) => nameRung(name, { catalogue, sharpness, rungOf }),
    ...{ threads: 1, nowMs: () => Date.now(), faces },
  });
}
