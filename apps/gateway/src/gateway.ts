import type { Log, Streams } from "@upreel/streams";
import type { Config } from "./config.ts";
import { runDoctor } from "./doctor/doctor.ts";
import { createApp } from "./http/app.ts";
import { HOLD_TIMING } from "./http/deps.ts";
import { listen } from "./http/server.ts";
import type { LogFeed } from "./logging/log-feed.ts";
import { listModels } from "./models.ts";

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
}: GatewayOptions): Promise<Gateway> {
  await using stack = new AsyncDisposableStack();
  const { composeGateway } = await import("./compose.ts");
  const composition = stack.use(await composeGateway(config, log));
  const closing = new AbortController();
  const app = createApp({
    config,
    roots,
    streams: composition.streams,
    log,
    logFeed,
    models: listModels,
    doctor: shareInFlight(() => runDoctor(config, roots)),
    hold: HOLD_TIMING,
    closing: closing.signal,
  });
  const server = stack.use(await listen(app, config));
  stack.defer(() => closing.abort());
  const owned = stack.move();
  return {
    url: server.url,
    streams: composition.streams,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
