import { fileURLToPath } from "node:url";
import type { Log, Streams } from "@upreel/streams";
import type { Config } from "./config.ts";
import { runDoctor } from "./doctor/doctor.ts";
import { createExporter } from "./export/exporter.ts";
import { createApp } from "./http/app.ts";
import { readBuiltPages, type BuiltPages } from "./http/built-pages.ts";
import { HOLD_TIMING } from "./http/deps.ts";
import { listen, serveHanded } from "./http/server.ts";
import { createJellyfin } from "./jellyfin/jellyfin.ts";
import type { LogFeed } from "./logging/log-feed.ts";
import { takeSockets } from "./supervisor/take-sockets.ts";

/** A gateway that serves. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  readonly streams: Streams;
}

export interface GatewayOptions {
  readonly config: Config;
  /** Folders whose files may be upscaled. */
  readonly roots: readonly string[];
  readonly log: Log;
  readonly logFeed: LogFeed;
  /** Connections come from a supervisor that listens at `url`; without, the gateway listens itself. */
  readonly supervised?: { readonly url: string; readonly onAlone: () => void } | undefined;
}

const PAGES = fileURLToPath(new URL("../../player/dist", import.meta.url));

async function readPages(log: Log): Promise<BuiltPages> {
  const pages = await readBuiltPages(PAGES);
  if (pages.files.size === 0)
    log.warn("The web pages are not built: `npm start` does it, or node scripts/build-player.ts");
  return pages;
}

/** Calls that come while one runs get its result: many clients cost as much as one. */
function shareInFlight<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= call().finally(() => {
      running = undefined;
    }));
}

/** Builds everything and listens. Disposing ends open answers, then the server, then the streams. */
export async function startGateway({
  config,
  roots,
  log,
  logFeed,
  supervised,
}: GatewayOptions): Promise<Gateway> {
  await using stack = new AsyncDisposableStack();
  const { composeGateway } = await import("./compose.ts");
  const composition = stack.use(await composeGateway(config, log));
  const { streams } = composition;
  const exporter = stack.use(createExporter(config, { streams, log }));

  const jellyfin = stack.use(createJellyfin({ config, roots, streams, log }));
  const closing = new AbortController();
  const app = createApp({
    config,
    roots,
    streams,

    jellyfin,
    log,
    logFeed,
    models: composition.models,
    renditions: composition.renditions,
    exporter,
    pages: await readPages(log),
    doctor: shareInFlight(() => runDoctor(config, roots)),
    hold: HOLD_TIMING,
    closing: closing.signal,
  });
  const server = stack.use(
    supervised === undefined
      ? await listen(app, config)
      : serveHanded(app, supervised.url, (http) => takeSockets(http, supervised.onAlone)),
  );
  stack.defer(() => closing.abort());
  const owned = stack.move();
  return {
    url: server.url,
    streams,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
