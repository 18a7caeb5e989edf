import { good } from "../doctor/findings.ts";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEventBus, type EventBus, type Log } from "@upreel/core";
import type { Express } from "express";
import { createCatalogue, type PublicModel } from "@upreel/upscaler";
import { parseSettings, type RawSettings } from "../config/parse-settings.ts";
import { createSettingsStore } from "../config/settings-store.ts";
import { serveAiService } from "../ai-service/serve-ai-service.ts";
import { createApp } from "../http/app.ts";
import { readBuiltPages } from "../http/server/built-pages.ts";
import type { HoldTiming } from "../http/deps.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { listenOn } from "../http/server/listen-on.ts";
import {
  keepEvictedFilms,
  type EvictedFilms,
  createExporter,
  createMachine,
  createPictures,
  nameRung,
  rungOn,
  createRenditions,
  openFarm,
  openModels,
  type FarmDesk,
} from "@upreel/engine";
import { createJellyfin } from "../jellyfin/jellyfin.ts";
import { listen } from "../http/server/server.ts";
import { createLogFeed, type LogFeed } from "../logging/log-feed.ts";
import { createLoopLagMeter } from "../loop-lag.ts";
import { directFiles } from "@upreel/sources";
import type { AnswerTiming, ProxyDeps } from "../proxy/deps.ts";
import type { FilmChapter } from "@upreel/scan";
import { openWebhooks } from "@upreel/webhooks";
import { openGatewayScans } from "../scans/gateway-scans.ts";
import { openShelf } from "../shelf/create-shelf.ts";
import { createPlaybacks } from "../viewing/playbacks.ts";
import { serveProxy } from "../proxy/serve-proxy.ts";
import { createFakeSizes, fakeMeasurements } from "./fake-machine.ts";
import { makePages } from "./make-pages.ts";
import {
  createFakeStreams,
  type FakeStreams,
} from "../../../../packages/streams/src/testing/fake-streams.ts";

/** The real HTTP server over fake streams, in a folder of its own. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  /** All routes of it. */
  readonly app: Express;
  /** Where Jellyfin is answered, with `JELLYFIN_URL` in the settings. */
  readonly proxyUrl: string;
  /** Where the upscaler plugin is answered, with `AI_SERVICE_PORT` in the settings. */
  readonly serviceUrl: string;
  readonly streams: FakeStreams;
  readonly evicted: EvictedFilms;
  readonly logFeed: LogFeed;
  /** What plugins found in films, by their paths, in place of what they really find. */
  readonly chapters: Map<string, readonly FilmChapter[]>;
  readonly events: EventBus;
  /** An empty folder that films may be in. */
  readonly films: string;
  readonly dataDir: string;
  /** Film seconds a second that the network of every film is foreseen to make here. */
  foreseenSpeed: number;
  /** How long its requests are held from now on. */
  readonly hold: { -readonly [each in keyof HoldTiming]: HoldTiming[each] };
  readonly errors: string[];
  /** Messages of level info. */
  readonly told: string[];
  close(): void;
  /** The server goes, its folders stay. */
  stopServer(): Promise<void>;
}

const NO_SEGMENTS = { accept: () => Promise.reject(new Error("no run goes on")) };

/** Answers begin soon; nothing is given up because a machine is slow. */
const HOLD: HoldTiming = {
  ...{ silentMs: 60, packetEveryMs: 20 },
  ...{ firstPieceMs: 60_000, playlistMs: 60_000 },
};

export const PATIENT: AnswerTiming = {
  ...{ answerMs: 30_000, proofMs: 60_000 },
  ...{ namesMs: 30_000, wayBackMs: 30_000 },
};

export async function startTestApp(
  settings: RawSettings = {},
  timing: Partial<HoldTiming> = {},
  given: {
    /** Built pages; small made-up ones otherwise. */
    readonly pagesFolder?: string;
    /** In place of those that can really be downloaded. */
    readonly publicModels?: readonly PublicModel[];
    /** In place of one that gives nothing up because a machine is slow. */
    readonly answerTiming?: AnswerTiming;
    /** In place of one that nobody joined. */
    readonly farm?: FarmDesk;
  } = {},
): Promise<TestApp> {
  await using stack = new AsyncDisposableStack();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "upreel-app-")));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const films = join(folder, "films");
  const dataDir = join(folder, "data");
  await mkdir(films);
  // What plugins find is a test's own matter.
  const environment = {
    SCANS: "off",
    PORT: "0",
    DATA_DIR: dataDir,
    MEDIA_ROOTS: films,
    ...settings,
  };
  const started = parseSettings(environment, {}, folder);
  const sources = { environment, kept: {}, file: {}, cwd: folder };
  const settingsStore = createSettingsStore(started, sources);
  const { config } = settingsStore;
  const streams = createFakeStreams(dataDir);
  const logFeed = createLogFeed();
  const errors: string[] = [];
  const told: string[] = [];
  const ignore = (): void => undefined;
  const log: Log = {
    debug: ignore,
    info: (text) => void told.push(text),
    warn: ignore,
    error: (text) => void errors.push(text),
  };
  const sizes = createFakeSizes(config);
  const files = directFiles();
  const playbacks = createPlaybacks({ nowMs: () => Date.now() });
  const jellyfin = stack.use(
    createJellyfin({
      ...{ config, files, roots: config.mediaRoots, streams, records: streams.records, log },
      ...{ plan: sizes.plan, outputSize: sizes.outputSize, playbacks },
    }),
  );
  const closing = new AbortController();
  const hold = { ...HOLD, ...timing };
  const { models } = await openModels(config, closing.signal, given.publicModels);
  const renditions = stack.use(
    createRenditions({
      ...config,
      files,
      ladderFor: async () => [],
      make: async () => null,
    }),
  );
  const exporter = createExporter(config, {
    ...{ streams, records: streams.records, files, log, partsOf: async () => [] },
    onExported: () => undefined,
  });
  const chapters = new Map<string, readonly FilmChapter[]>();
  const events = createEventBus(log, () => Date.now());
  const scans = stack.use(
    openGatewayScans(config, {
      ...{ files, roots: config.mediaRoots, streams, records: streams.records, log, events },
    }),
  );
  const deps: ProxyDeps = {
    config,
    settings: settingsStore,
    files,
    roots: config.mediaRoots,
    streams,
    records: streams.records,
    evicted: keepEvictedFilms(dataDir),
    jellyfin,
    playbacks,
    prepare: async ({ path }) => void told.push(`prepare ${path}`),
    outputSize: sizes.outputSize,
    choicesOf: sizes.choicesOf,
    farm: given.farm ?? (await openFarm(dataDir, { log, events, segments: NO_SEGMENTS })).desk,
    modelFile: async (hash) => join(folder, hash),
    loopLag: stack.use(createLoopLagMeter()),
    plan: sizes.plan,
    log,
    logFeed,
    models,
    machine: createMachine({
      config,
      measurements: fakeMeasurements(),
      encoder: async () => "libx264",
      bestEncoder: async () => "libx264",
    }),
    pictures: stack.use(
      createPictures({
        rungNamed: (name) =>
          nameRung(name, {
            ...{ catalogue: createCatalogue(), sharpness: config.sharpness },
            rungOf: async ([model]) => model && rungOn(model, "cpu", config.tileBytes),
          }),
        ...{ threads: 1, nowMs: () => Date.now() },
      }),
    ),
    renditions,
    exporter,
    pages: await readBuiltPages(given.pagesFolder ?? (await makePages(join(folder, "pages")))),
    shelf: stack.use(
      await openShelf(config, {
        ...{ files, roots: config.mediaRoots, streams, records: streams.records, log, events },
        ...{ outputSize: sizes.outputSize, ladderOf: sizes.ladderOf },
        clock: { nowMs: () => Date.now() },
      }),
    ),
    scans: { ...scans, chapters: async (file) => chapters.get(file.path) ?? scans.chapters(file) },
    webhooks: stack.use(await openWebhooks({ dataDir, events, log, nowMs: () => Date.now() })),
    doctor: async () => [good("node", "node_works", { version: "26", cores: 2 })],
    hold,
    answerTiming: given.answerTiming ?? PATIENT,
    closing: closing.signal,
  };
  let proxyUrl = "";
  if (config.jellyfin.url !== undefined) {
    const { server: proxy } = stack.use(
      serveProxy(deps, createLastDefence(log), new URL(config.jellyfin.url)),
    );
    proxyUrl = (await listenOn(proxy, { host: "127.0.0.1", port: 0 })).url;
  }
  let serviceUrl = "";
  if (config.aiService.port !== undefined) {
    const { server: service } = stack.use(serveAiService(deps, createLastDefence(log)));
    serviceUrl = (await listenOn(service, { host: "127.0.0.1", port: 0 })).url;
  }
  const app = createApp(deps);
  const server = await listen(app, config);
  const stopServer = async (): Promise<void> => {
    closing.abort();
    await server[Symbol.asyncDispose]();
  };
  stack.defer(stopServer);
  stack.use(exporter);
  const owned = stack.move();
  return {
    url: server.url,
    app,
    proxyUrl,
    serviceUrl,
    streams,
    evicted: deps.evicted,
    logFeed,
    films,
    chapters,
    events,
    dataDir,
    get foreseenSpeed() {
      return sizes.speed.foreseen;
    },
    set foreseenSpeed(next) {
      sizes.speed.foreseen = next;
    },
    hold,
    errors,
    told,
    close: () => closing.abort(),
    stopServer,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
