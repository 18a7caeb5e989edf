import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventBus } from "@upreel/core";
import type { EvictedFilms } from "@upreel/engine";
import type { FilmChapter } from "@upreel/scan";
import type { Express } from "express";
import type { FakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { serveAiService } from "../ai-service/serve-ai-service.ts";
import { parseSettings, type RawSettings } from "../config/parse-settings.ts";
import { createSettingsStore } from "../config/settings-store.ts";
import { createApp } from "../http/app.ts";
import type { HoldTiming } from "../http/deps.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { listenOn } from "../http/server/listen-on.ts";
import { listen } from "../http/server/server.ts";
import type { LogFeed } from "../logging/log-feed.ts";
import type { ProxyDeps } from "../proxy/deps.ts";
import { createProxy } from "../proxy/proxy.ts";
import { serveProxy } from "../proxy/serve-proxy.ts";
import { serveTranscodeService } from "../transcode-service/serve-transcode-service.ts";
import { makeDeps, type GivenParts } from "./make-deps.ts";
import { createTestLog } from "./test-log.ts";

/** The real HTTP server over fake streams, in a folder of its own. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  /** All routes of it. */
  readonly app: Express;
  /** Where Jellyfin is answered, with `JELLYFIN_URL` in the settings. */
  readonly proxyUrl: string;
  /** Where the upscaler plugin is answered, with `AI_SERVICE_PORT` in the settings. */
  readonly serviceUrl: string;
  /** Where callers of remote transcoders are answered, with `TRANSCODE_PORT` in the settings. */
  readonly transcodeUrl: string;
  readonly streams: FakeStreams;
  readonly evicted: EvictedFilms;
  readonly logFeed: LogFeed;
  /** What plugins found in films, by their paths, in place of what they really find. */
  readonly chapters: Map<string, readonly FilmChapter[]>;
  readonly looking: Map<string, string>;
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

/** Answers begin soon; nothing is given up because a machine is slow. */
const HOLD: HoldTiming = {
  ...{ silentMs: 60, packetEveryMs: 20, ladderSilentMs: 60, playlistSilentMs: 60_000 },
  ...{ firstPieceMs: 60_000, playlistMs: 60_000 },
};

export async function startTestApp(
  settings: RawSettings = {},
  timing: Partial<HoldTiming> = {},
  given: GivenParts = {},
): Promise<TestApp> {
  await using stack = new AsyncDisposableStack();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "upreel-app-")));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [films, dataDir] = [join(folder, "films"), join(folder, "data")];
  await mkdir(films);
  const kept = openSettings(folder, { DATA_DIR: dataDir, MEDIA_ROOTS: films, ...settings });
  const closing = new AbortController();
  const hold = { ...HOLD, ...timing };
  const { log, errors, told } = createTestLog();
  const order = { folder, settings: kept, hold, closing: closing.signal, log, given };
  const { deps, streams, chapters, looking, events, speed } = await makeDeps(stack, order);
  const beside = await listenBeside(stack, deps);
  const app = createApp(deps);
  const server = await listen(app, kept.config);
  const stopServer = async (): Promise<void> => {
    closing.abort();
    await server[Symbol.asyncDispose]();
  };
  stack.defer(stopServer);
  const owned = stack.move();
  const { evicted, logFeed } = deps;
  return {
    ...{ url: server.url, app, ...beside, streams, chapters, looking, evicted, logFeed },
    ...{ events, films, dataDir, hold, errors, told, stopServer },
    get foreseenSpeed() {
      return speed.foreseen;
    },
    set foreseenSpeed(next) {
      speed.foreseen = next;
    },
    close: () => closing.abort(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What plugins find is a test's own matter. */
function openSettings(folder: string, settings: RawSettings) {
  const environment = { SCANS: "off", PORT: "0", ...settings };
  const sources = { environment, kept: {}, file: {}, cwd: folder };
  return createSettingsStore(parseSettings(environment, {}, folder), sources);
}

/** The doors of other programs, where settings open them. */
async function listenBeside(stack: AsyncDisposableStack, deps: ProxyDeps) {
  const { jellyfin, aiService, transcode } = deps.config;
  const here = { host: "127.0.0.1", port: 0 };
  const defence = createLastDefence(deps.log);
  let [proxyUrl, serviceUrl, transcodeUrl] = ["", "", ""];
  if (jellyfin.url !== undefined) {
    const proxy = createProxy(deps, new URL(jellyfin.url));
    const { server } = stack.use(serveProxy(proxy, defence));
    proxyUrl = (await listenOn(server, here)).url;
  }
  if (aiService.port !== undefined) {
    const { server } = stack.use(serveAiService(deps, defence));
    serviceUrl = (await listenOn(server, here)).url;
  }
  if (transcode.port !== undefined) {
    const { server } = stack.use(await serveTranscodeService(deps, defence));
    transcodeUrl = (await listenOn(server, here)).url;
  }
  return { proxyUrl, serviceUrl, transcodeUrl };
}
