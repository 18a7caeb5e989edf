import { flushCompileCache } from "node:module";
import type { Log } from "@upreel/core";
import { loadConfig, loadSettings, shareOnNetwork, type Config } from "../config.ts";
import { makeApiToken } from "../config/api-token.ts";
import { isLoopback } from "../config/is-loopback.ts";
import { createSettingsStore } from "../config/settings-store.ts";
import { makeDataFolder } from "../data-folder.ts";
import { lockDataFolder } from "../data-lock.ts";
import { startGateway } from "../gateway.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { createLog } from "../logging/log.ts";
import { createLogFeed } from "../logging/log-feed.ts";
import { aborted, exitAfter, untilSignalled } from "../shutdown.ts";
import { createBypass } from "../proxy/bypass.ts";
import { reachableUrl } from "../proxy/reachable-url.ts";
import { supervise, type Listening } from "../supervisor/supervise.ts";
import { checkRoots } from "./check-roots.ts";
import { askToStart, expandFilms } from "./expand-films.ts";
import { findNamedFilm } from "./named-film.ts";
import { shareLines } from "./share.ts";
import { startNamedFilms } from "./start-named-films.ts";

const SHUTDOWN_MS = 10_000;

/** `upreel serve [films]`: listens and keeps a gateway running until it is signalled. */
export async function serve(
  named: readonly string[],
  options: { readonly yes: boolean; readonly share: boolean },
): Promise<void> {
  if (options.share && isLoopback(loadConfig().host)) shareOnNetwork();
  const config = loadConfig();
  // Before anything is started: what is wrong here ends the command with one line.
  await makeDataFolder(config.dataDir);
  const rootWarnings = await checkRoots(config.mediaRoots);
  const films = await expandFilms(named, options.yes ? () => Promise.resolve(true) : askToStart);
  const log = createLog({ level: config.logLevel, isTerminal: process.stdout.isTTY === true });
  if (config.needsToken && config.apiToken === undefined) {
    const token = await makeApiToken(config.dataDir);
    log.warn(
      options.share
        ? "other devices may reach Upreel, so an API token was made; the QR code below has it"
        : `${config.host} can be reached from other computers, so Upreel made an API token. It is shown only now: ${token}`,
    );
  }
  for (const warning of rootWarnings) log.warn(warning);
  await using _lock = await lockDataFolder(config.dataDir, `${config.host}:${config.port}`, (why) =>
    log.debug(`another Upreel in the same data folder would not be noticed: ${why}`),
  );
  const defence = createLastDefence(log);
  // Whatever it is: who listens must outlive it, it keeps hardly any state that could be wrong.
  process.on("uncaughtException", (error) => {
    if (!defence.catches(error)) log.error("unexpected error; Upreel keeps running", { error });
  });
  const { url } = config.jellyfin;
  const { trustedProxies } = config;
  const jellyfin = url === undefined ? undefined : new URL(url);
  // What would be written at the end instead: a service that is told to stop has other things to do, and
  // its program may have been deleted by then.
  flushCompileCache();
  process.exitCode = await supervise({
    api: { host: config.host, port: config.port },
    proxy: jellyfin && {
      ...config.jellyfin.proxy,
      bypass: (ownUrl, whenReady) =>
        createBypass({ jellyfin, trustedProxies, log, defence }, ownUrl, whenReady),
    },
    service:
      config.aiService.port === undefined
        ? undefined
        : { host: config.aiService.host, port: config.aiService.port },
    log,
    stop: untilSignalled(),
    firstArguments: (urls) => [
      "gateway",
      ...urlArguments(urls),
      ...(options.share ? ["--share"] : []),
      "--",
      ...films,
    ],
    // The films are known by now; the roots must still hold them.
    nextArguments: (urls) => ["gateway", ...urlArguments(urls), "--again", "--", ...films],
  });
}

const urlArguments = ({ api, proxy }: Listening): readonly string[] => [
  "--url",
  api,
  ...(proxy === undefined ? [] : ["--proxy-url", proxy]),
];

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
  const settings = createSettingsStore(loaded.config, loaded.sources);
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
  if (roots.length === 0 && config.jellyfin.url === undefined)
    log.warn("no film folder is set: start with MEDIA_ROOTS=/path/to/films");
  if (config.apiToken === undefined && !isLoopback(config.host))
    log.warn(
      `API_TOKEN is none: everybody who can reach ${config.host}:${config.port} may start and delete films and change settings`,
    );
}
