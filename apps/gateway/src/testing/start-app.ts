import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { PLAIN_SCALER, type Log } from "@upreel/core";
import { outputSize } from "@upreel/media";
import { makeTimeline } from "@upreel/testkit";
import type { Express } from "express";
import type { PublicModel } from "@upreel/upscaler";
import { parseSettings, type RawSettings } from "../config/parse-settings.ts";
import { createSettingsStore } from "../config/settings-store.ts";
import { createApp } from "../http/app.ts";
import { readBuiltPages } from "../http/server/built-pages.ts";
import type { GatewayDeps, HoldTiming } from "../http/deps.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { listenOn } from "../http/server/listen-on.ts";
import {
  keepEvictedFilms,
  type EvictedFilms,
  createExporter,
  createMachine,
  keepMeasurements,
  createRenditions,
  openModels,
  configuredProfile,
} from "@upreel/engine";
import { createJellyfin } from "../jellyfin/jellyfin.ts";
import { listen } from "../http/server/server.ts";
import { createLogFeed, type LogFeed } from "../logging/log-feed.ts";
import { createLoopLagMeter } from "../loop-lag.ts";
import { directFiles } from "@upreel/sources";
import type { ProxyDeps } from "../proxy/deps.ts";
import { openShelf } from "../shelf/create-shelf.ts";
import { createPlaybacks } from "../viewing/playbacks.ts";
import { serveProxy } from "../proxy/serve-proxy.ts";
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
  readonly streams: FakeStreams;
  readonly evicted: EvictedFilms;
  readonly logFeed: LogFeed;
  /** An empty folder that films may be in. */
  readonly films: string;
  readonly dataDir: string;
  /** Film seconds a second that the network of every film is foreseen to make here. */
  foreseenSpeed: number;
  readonly errors: string[];
  /** Messages of level info. */
  readonly told: string[];
  close(): void;
  /** The server goes, its folders stay. */
  stopServer(): Promise<void>;
}

const CHOICE = { id: "net", name: "Net", good_at: null, width: 1280, height: 720 };

const SHORT_HOLD: HoldTiming = {
  ...{ silentMs: 60, packetEveryMs: 20 },
  ...{ firstPieceMs: 1_000, playlistMs: 400 },
};

export async function startTestApp(
  settings: RawSettings = {},
  hold: HoldTiming = SHORT_HOLD,
  given: {
    /** Built pages; small made-up ones otherwise. */
    readonly pagesFolder?: string;
    /** In place of those that can really be downloaded. */
    readonly publicModels?: readonly PublicModel[];
  } = {},
): Promise<TestApp> {
  await using stack = new AsyncDisposableStack();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "upreel-app-")));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const films = join(folder, "films");
  const dataDir = join(folder, "data");
  await mkdir(films);
  const environment = { PORT: "0", DATA_DIR: dataDir, MEDIA_ROOTS: films, ...settings };
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
  const speed = { foreseen: 3 };
  const plan: GatewayDeps["plan"] = async () => ({
    timeline: makeTimeline(25 * 360, { num: 25, den: 1 }),
    ladder: [
      {
        rung: { model: { ...PLAIN_SCALER, id: "net", kind: "luma" }, provider: "cpu" },
        expectedSpeed: speed.foreseen,
      },
      { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 },
    ],
  });
  const sizeOf: GatewayDeps["outputSize"] = async (input, wish) =>
    outputSize(input, {
      ...{ scale: wish?.scale ?? config.scale, encoder: "libx264" },
      ...{ maxOutputHeight: config.maxOutputHeight },
      targetHeight: wish?.target_height ?? config.targetHeight,
    });
  const files = directFiles();
  const playbacks = createPlaybacks({ nowMs: () => Date.now() });
  const jellyfin = stack.use(
    createJellyfin({
      ...{ config, files, roots: config.mediaRoots, streams, records: streams.records, log, plan },
      outputSize: sizeOf,
      playbacks,
    }),
  );
  const closing = new AbortController();
  const { models } = await openModels(config, closing.signal, given.publicModels);
  const measurements = keepMeasurements({
    untilIdle: () => Promise.resolve(),
    measure: async ({ onMeasured }) => {
      onMeasured(1, 1);
      const reason = { code: "inference_failed", message: "no" } as const;
      return [
        { model: "a", provider: "webgpu", measurement: { outcome: "refused", reason } },
        {
          ...{ model: "a", provider: "cpu" },
          measurement: {
            ...{ outcome: "proven", megapixelsPerSecond: 9.216, likenessDb: null, nodes: {} },
          },
        },
      ];
    },
  });
  const renditions = stack.use(
    createRenditions({
      ...config,
      files,
      ladderFor: async () => [],
      make: async () => null,
    }),
  );
  const exporter = createExporter(config, {
    ...{ streams, records: streams.records, files, log },
    onExported: () => undefined,
  });
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
    outputSize: sizeOf,
    choicesOf: async ({ path }) => ({
      ...{ path, width: 640, height: 360, duration_seconds: 360 },
      choices: [
        { ...CHOICE, model: "auto", expected_speed: 2.5, making_seconds: 144, is_live: true },
        { ...CHOICE, model: "best", expected_speed: 0.5, making_seconds: 720, is_live: false },
      ],
    }),
    loopLag: stack.use(createLoopLagMeter()),
    plan,
    log,
    logFeed,
    models,
    machine: createMachine({ config, measurements, encoder: async () => "libx264" }),
    renditions,
    exporter,
    pages: await readBuiltPages(given.pagesFolder ?? (await makePages(join(folder, "pages")))),
    shelf: stack.use(
      await openShelf(config, {
        ...{ files, roots: config.mediaRoots, streams, records: streams.records, log },
        outputSize: sizeOf,
        ladderOf: async () =>
          (await plan({ path: "", sizeBytes: 0, modifiedMs: 0 }, configuredProfile(config))).ladder,
        clock: { nowMs: () => Date.now() },
      }),
    ),
    doctor: async () => [{ what: "node", verdict: "good", message: "fine" }],
    hold,
    closing: closing.signal,
  };
  let proxyUrl = "";
  if (config.jellyfin.url !== undefined) {
    const { server: proxy } = stack.use(
      serveProxy(deps, createLastDefence(log), new URL(config.jellyfin.url)),
    );
    proxyUrl = (await listenOn(proxy, { host: "127.0.0.1", port: 0 })).url;
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
    streams,
    evicted: deps.evicted,
    logFeed,
    films,
    dataDir,
    get foreseenSpeed() {
      return speed.foreseen;
    },
    set foreseenSpeed(next) {
      speed.foreseen = next;
    },
    errors,
    told,
    close: () => closing.abort(),
    stopServer,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Built pages as vite makes them, with styles inside and compressed copies beside. */
async function makePages(folder: string): Promise<string> {
  const page = (title: string): string =>
    `<title>${title}</title><style>body{margin:0}</style><script src="./assets/page-1a2b.js"></script>`;
  await mkdir(join(folder, "assets"), { recursive: true });
  await mkdir(join(folder, "watch/compare"), { recursive: true });
  await writeFile(join(folder, ".stamp"), "");
  await writeFile(join(folder, "index.html"), page("Dashboard"));
  await writeFile(join(folder, "index.html.br"), brotliCompressSync(page("Dashboard")));
  await writeFile(join(folder, "watch/index.html"), page("Watch"));
  await writeFile(join(folder, "watch/compare/index.html"), page("Compare"));
  await writeFile(join(folder, "assets/page-1a2b.js"), "");
  return folder;
}
