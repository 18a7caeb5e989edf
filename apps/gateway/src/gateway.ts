import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEventBus, type FileIdentity, type Log } from "@upreel/core";
import type { Scans } from "@upreel/scan";
import type { Streams } from "@upreel/streams";
import type { SettingsStore } from "./config/settings-store.ts";
import { examine } from "./doctor/doctor.ts";
import { keepFindings } from "./doctor/keep-findings.ts";
import {
  createExporter,
  keepDisk,
  keepEvictedFilms,
  keepQueue,
  openEngine,
  tellFilms,
} from "@upreel/engine";
import { keepCartridges } from "./cartridge/install/heal-cartridge.ts";
import { serveAiService } from "./ai-service/serve-ai-service.ts";
import { createApp } from "./http/app.ts";
import { isFarmUpgrade, takeWorkers } from "./http/farm/farm-socket.ts";
import { readBuiltPages, type BuiltPages } from "./http/server/built-pages.ts";
import { HOLD_TIMING } from "./http/deps.ts";
import { ANSWER_TIMING } from "./proxy/deps.ts";
import type { LastDefence } from "./http/server/last-defence.ts";
import { serveHanded } from "./http/server/server.ts";
import { createJellyfin } from "./jellyfin/jellyfin.ts";
import { openLibraryPictures } from "./jellyfin/pictures/library-pictures.ts";
import { createLoopLagMeter } from "./loop-lag.ts";
import type { LogFeed } from "./logging/log-feed.ts";
import type { MediaFiles } from "@upreel/sources";
import type { ProxyDeps } from "./proxy/deps.ts";
import { inheritPlaybacks } from "./viewing/inherit-playbacks.ts";
import { createPlaybacks } from "./viewing/playbacks.ts";
import { PLAYBACKS_FILE, rememberPlaybacks } from "./viewing/remember-playbacks.ts";
import { shareChoices } from "./viewing/share-choices.ts";
import { createProxy } from "./proxy/proxy.ts";
import { serveProxy } from "./proxy/serve-proxy.ts";
import { partsFor } from "./scans/named-parts.ts";
import { openGatewayScans } from "./scans/gateway-scans.ts";
import { openShelf } from "./shelf/create-shelf.ts";
import { openWebhooks } from "@upreel/webhooks";
import { keepEngines } from "./keep-engines.ts";
import { serveTranscodeService } from "./transcode-service/serve-transcode-service.ts";
import { openGatewayJobs, openGatewayLeases } from "./open-gateway-jobs.ts";
import { followQueue } from "./follow-queue.ts";
import { openPeers, shelfStream, streamsBeside } from "./http/peers/open-peers.ts";
import { withHandOver } from "./http/peers/with-hand-over.ts";
import { openTempFolder } from "./temp-folder.ts";
import { askForRestart, takeSockets } from "./supervisor/take-sockets.ts";

/** A gateway that serves. */
export interface Gateway extends AsyncDisposable {
  readonly streams: Streams;
  readonly files: MediaFiles;
}

export interface GatewayOptions {
  readonly settings: SettingsStore;
  /** Folders whose files may be upscaled. */
  readonly roots: readonly string[];
  readonly log: Log;
  readonly logFeed: LogFeed;
  readonly defence: LastDefence;
}

const PAGES = fileURLToPath(new URL("../../player/dist", import.meta.url));

async function readPages(log: Log): Promise<BuiltPages> {
  const pages = await readBuiltPages(PAGES);
  if (pages.files.size === 0)
    log.warn("The web pages are not built: `npm start` does it, or node scripts/build-player.ts");
  return pages;
}

/** Builds everything and takes connections. Disposing ends open answers, then the server, then the streams. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, roots, log, logFeed, defence } = options;
  const { config } = settings;
  const { dataDir, ownDir } = config;
  const nowMs = (): number => Date.now();
  const closing = new AbortController();
  await using stack = new AsyncDisposableStack();
  stack.use(await openTempFolder());
  await keepEngines(config, log);
  const events = createEventBus(log, nowMs);
  const jobs = stack.use(await openGatewayJobs(config, log));
  const leases = stack.use(await openGatewayLeases(config, log));
  // The scans are opened behind the engine, whose films they look at.
  let known: Pick<Scans, "facts"> | undefined = undefined;
  const factsOf = async (file: FileIdentity) => known?.facts(file);
  const engine = stack.use(await openEngine(config, log, { events, jobs, leases, factsOf }));
  const { streams, records, files } = engine;
  const { signal } = closing;
  const peers = stack.use(await openPeers(config, { streams, leases, closing: signal, log }));
  const handed = withHandOver(streams, peers);
  const films = { files, roots, streams, records, log, events };
  const evicted = keepEvictedFilms(dataDir, undefined, leases);
  stack.use(tellFilms(streams, events));
  const queue = stack.use(await keepQueue(dataDir, { leases, log }));
  stack.use(followQueue(streams, queue, log));
  stack.use(await keepDisk(config, { streams, records, evicted, log, events, leases }));
  const playbacks = createPlaybacks({ nowMs });
  if (config.jellyfin.url !== undefined)
    stack.use(await rememberPlaybacks(playbacks, join(ownDir, PLAYBACKS_FILE), log));
  if (leases.isShared) {
    stack.use(await shareChoices(playbacks, dataDir, { leases, log }));
    stack.use(inheritPlaybacks(playbacks, { streams, leases, dataDir, ownDir, log }));
  }
  const jellyfin = stack.use(
    createJellyfin({
      plan: (file, profile) => engine.plan(file, profile),
      outputSize: engine.outputSize,
      ...{ config, files, roots, streams: handed, records, playbacks, leases, log },
      ...(peers && streamsBeside(peers, dataDir)),
    }),
  );
  const scans = stack.use(openGatewayScans(config, { ...films, jobs }));
  known = scans;
  const exporter = stack.use(
    createExporter(config, {
      ...{ streams, records, files, jobs, leases, log, partsOf: partsFor(scans) },
      onExported: (file) => jellyfin.announce(file),
    }),
  );
  stack.use(await keepCartridges(dataDir, log));
  const deps: ProxyDeps = {
    ...{ ...films, config, settings, queue, evicted, jellyfin, playbacks, peers },
    restart: askForRestart,
    prepare: (file, profile) => engine.prepare(file, profile),
    loopLag: stack.use(createLoopLagMeter()),
    plan: (file, profile) => engine.plan(file, profile),
    outputSize: engine.outputSize,
    choicesOf: engine.choicesOf,
    preview: engine.preview,
    farm: engine.farm,
    modelFile: engine.modelFile,
    logFeed,
    models: engine.models,
    ...{ pictures: engine.pictures, faces: engine.faces },
    libraryPictures: stack.use(
      await openLibraryPictures(dataDir, { jellyfin, pictures: engine.pictures, log }),
    ),
    machine: engine.machine,
    renditions: engine.renditions,
    exporter,
    jobs,
    pages: await readPages(log),
    shelf: stack.use(
      await openShelf(config, {
        ...{ ...films, ladderOf: engine.ladderOf, outputSize: engine.outputSize },
        others: async () => ((await peers?.statuses()) ?? []).map(shelfStream),
        clock: { nowMs },
      }),
    ),
    scans,
    webhooks: stack.use(await openWebhooks({ dataDir, ownDir, events, log, nowMs })),
    doctor: keepFindings(() => Array.fromAsync(examine(config, roots, files)), nowMs),
    hold: HOLD_TIMING,
    answerTiming: ANSWER_TIMING,
    closing: signal,
  };
  // Before all that they use: what runs goes back to the queue.
  stack.use(jobs);
  await openDoors(deps, handed, { stack, defence });
  stack.defer(() => closing.abort());
  const owned = stack.move();
  return {
    streams,
    files,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Answers at all doors whose sockets the supervisor hands over; `handed`: streams for those that cannot pass a call on. */
async function openDoors(
  deps: ProxyDeps,
  handed: Streams,
  { stack, defence }: { readonly stack: AsyncDisposableStack; readonly defence: LastDefence },
): Promise<void> {
  const { jellyfin, aiService, transcode } = deps.config;
  const proxied = { ...deps, streams: handed };
  const proxy =
    jellyfin.url === undefined ? undefined : createProxy(proxied, new URL(jellyfin.url));
  const app = createApp({ ...deps, proxy });
  const api = stack.use(serveHanded(app, defence, { isUpgrade: isFarmUpgrade }));
  takeWorkers(api.server, deps);
  // `endSlowBodies` bounds all but those that have no end.
  api.server.requestTimeout = 0;
  takeSockets({
    api,
    proxy: proxy && stack.use(serveProxy(proxy, defence)),
    service: aiService.port === undefined ? undefined : stack.use(serveAiService(deps, defence)),
    transcode:
      transcode.port === undefined
        ? undefined
        : stack.use(await serveTranscodeService(proxied, defence)),
  });
}
