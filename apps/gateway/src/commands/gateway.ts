import { flushCompileCache } from "node:module";
import type { Log } from "@upreel/core";
import { loadConfig, loadSettings, type Config } from "../config.ts";
import { isLoopback } from "../config/is-loopback.ts";
import { createSettingsStore } from "../config/settings-store.ts";
import { startGateway } from "../gateway.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { createLog } from "../logging/log.ts";
import { createLogFeed } from "../logging/log-feed.ts";
import { reachableUrl } from "../proxy/reachable-url.ts";
import { aborted, exitAfter, untilSignalled } from "../shutdown.ts";
import { findNamedFilm } from "./named-film.ts";
import { shareLines } from "./share.ts";
import { startNamedFilms } from "./start-named-films.ts";

const SHUTDOWN_MS = 10_000;

interface GatewayArguments {
  /** Where the supervisor listens. */
  readonly url: string;
  readonly proxyUrl?: string | undefined;
  readonly again: boolean;
  readonly share: boolean;
}

/** `upreel gateway`: one gateway process under `upreel serve`. */
export async function gateway(
  named: readonly string[],
  { url, proxyUrl, again, share }: GatewayArguments,
): Promise<void> {
  const loaded = loadSettings();
  const settings = createSettingsStore(loaded.config, loaded.sources, () => loadConfig());
  const { config } = settings;
  const films = await Promise.all(named.map(findNamedFilm));
  const roots = [...new Set([...config.mediaRoots, ...films.map(({ root }) => root)])];
  const logFeed = createLogFeed();
  const log = createLog({
    level: config.logLevel,
    isTerminal: process.stdout.isTTY === true,
    feed: logFeed,
  });
  const defence = createLastDefence(log);
  process.on("uncaughtException", (error) => {
    if (defence.catches(error)) return;
    log.error("unexpected error; the gateway is restarted", { error });
    process.exit(1);
  });
  const ending = new AbortController();
  const stop = untilSignalled(ending);
  // Also while it starts: a disk that does not answer must not keep it.
  stop.addEventListener("abort", () => exitAfter(SHUTDOWN_MS), { once: true });
  const onAlone = (): void => ending.abort("the supervisor is gone");
  process.once("disconnect", onAlone);
  // It may have gone before anybody listened.
  if (!process.connected) onAlone();

  await using running = await startGateway({ settings, roots, log, logFeed, defence });
  const base = config.publicUrl ?? url;
  log.info(`listening on ${url}; open ${base}/ in a browser`);
  // What was loaded so far, should this process be killed.
  flushCompileCache();
  if (proxyUrl !== undefined)
    log.info(
      `Jellyfin with upscaled films: open ${reachableUrl(proxyUrl, config)} instead of ${config.jellyfin.url}`,
    );
  warnOfSettings(config, roots, log);
  if (share) for (const line of shareLines(config, url, process.stdout.isTTY)) console.log(line);
  else if (!again && isLoopback(config.host))
    log.info("only this computer can reach Upreel; for phones and TVs: npm start -- --share");
  if (!again)
    await startNamedFilms(
      { config, files: running.files, roots, streams: running.streams },
      films,
      base,
    );
  await aborted(stop);
  log.info(`${String(stop.reason)}: shutting down`);
}

function warnOfSettings(config: Config, roots: readonly string[], log: Log): void {
  const { start, apiKey } = config.jellyfin;
  if (apiKey === undefined && start.some(({ mode }) => mode === "original"))
    log.warn("START=original needs JELLYFIN_API_KEY: without it, players stay with the original");
  if (config.aiService.port !== undefined && config.aiService.token === undefined)
    log.warn("AI_SERVICE_TOKEN is not set: nothing is upscaled for the plugin until it is");
  if (config.transcode.port !== undefined && config.transcode.token === undefined)
    log.warn("TRANSCODE_TOKEN is not set: nobody is answered on TRANSCODE_PORT until it is");
  if (roots.length === 0 && config.jellyfin.url === undefined)
    log.warn("no film folder is set: start with MEDIA_ROOTS=/path/to/films");
  if (config.apiToken === undefined && !isLoopback(config.host))
    log.warn(
      `API_TOKEN is none: everybody who can reach ${config.host}:${config.port} may start and delete films and change settings`,
    );
}
