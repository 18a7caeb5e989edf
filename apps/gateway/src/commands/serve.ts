import { flushCompileCache } from "node:module";
import type { Log } from "@upreel/core";
import { loadConfig, shareOnNetwork, type Config } from "../config.ts";
import { makeApiToken } from "../config/api-token.ts";
import { isLoopback } from "../config/is-loopback.ts";
import { makeDataFolder } from "../data-folder.ts";
import { lockDataFolder } from "../data-lock.ts";
import { otherDoors } from "../http/server/other-doors.ts";
import { createLastDefence, type LastDefence } from "../http/server/last-defence.ts";
import { createLog } from "../logging/log.ts";
import { untilSignalled } from "../shutdown.ts";
import { createBypass } from "../proxy/bypass.ts";
import type { Listening } from "../supervisor/open-doors.ts";
import { supervise } from "../supervisor/supervise.ts";
import { checkRoots } from "./check-roots.ts";
import { askToStart, expandFilms } from "./expand-films.ts";

interface ServeOptions {
  readonly yes: boolean;
  readonly share: boolean;
}

/**
 * `upreel serve [films]`: listens and keeps a gateway running until it is signalled. What a gateway is made of is not
 * loaded here: that process would stay as large, and the gateway would begin later.
 */
export async function serve(named: readonly string[], options: ServeOptions): Promise<void> {
  if (options.share && isLoopback(loadConfig().host)) shareOnNetwork();
  let stop: AbortSignal | undefined;
  let log: Log | undefined;
  let defence: LastDefence | undefined;
  // Whatever it is: who listens must outlive it, it keeps hardly any state that could be wrong.
  const outlive = (error: unknown): void => {
    if (defence?.catches(error) !== true)
      log?.error("unexpected error; Upreel keeps running", { error });
  };
  let films: readonly string[] | undefined;
  for (;;) {
    const config = loadConfig();
    log = createLog({ level: config.logLevel, isTerminal: process.stdout.isTTY === true });
    defence = createLastDefence(log);
    const isAgain = films !== undefined;
    films ??= await takeFilms(config, named, options, log);
    // Before that a signal ends it at once: a disk may not answer.
    stop ??= untilSignalled();
    if (!isAgain) process.on("uncaughtException", outlive);
    const code = await serveUntilAgain({ config, films, isAgain, log, defence, stop, ...options });
    if (code !== "again") {
      process.exitCode = code;
      return;
    }
  }
}

/** Before anything is started: what is wrong here ends the command with one line. */
async function takeFilms(
  config: Config,
  named: readonly string[],
  { yes }: ServeOptions,
  log: Log,
): Promise<readonly string[]> {
  for (const path of [config.dataDir, config.ownDir]) await makeDataFolder(path);
  const warnings = await checkRoots(config.mediaRoots);
  const films = await expandFilms(named, yes ? () => Promise.resolve(true) : askToStart);
  for (const warning of warnings) log.warn(warning);
  return films;
}

interface Served extends ServeOptions {
  readonly config: Config;
  readonly films: readonly string[];
  /** The doors of a run before were others. */
  readonly isAgain: boolean;
  readonly log: Log;
  readonly defence: LastDefence;
  readonly stop: AbortSignal;
}

/** Returns the exit code, or that what is set by now needs other doors. */
async function serveUntilAgain(served: Served): Promise<number | "again"> {
  const { config, films, isAgain, log, defence, stop, share } = served;
  if (config.needsToken && config.apiToken === undefined) {
    const token = await makeApiToken(config.dataDir);
    log.warn(
      share
        ? "other devices may reach Upreel, so an API token was made; the QR code below has it"
        : `${config.host} can be reached from other computers, so Upreel made an API token. It is shown only now: ${token}`,
    );
  }
  await makeDataFolder(config.ownDir);
  await using _lock = await lockDataFolder(
    config.dataDir,
    `${config.host}:${config.port}`,
    (why) => log.debug(`another Upreel in the same data folder would not be noticed: ${why}`),
    sharedBy(config),
  );
  const { url } = config.jellyfin;
  const { trustedProxies } = config;
  const jellyfin = url === undefined ? undefined : new URL(url);
  // What would be written at the end instead: a service that is told to stop has other things to do, and
  // its program may have been deleted by then.
  flushCompileCache();
  // The films are known by now; the roots must still hold them.
  const again = (urls: Listening): readonly string[] => [
    ...["gateway", ...urlArguments(urls), "--again", "--", ...films],
  ];
  return await supervise({
    api: { host: config.host, port: config.port },
    proxy: jellyfin && {
      ...config.jellyfin.proxy,
      bypass: (ownUrl, whenReady) =>
        createBypass({ jellyfin, trustedProxies, log, defence }, ownUrl, whenReady),
    },
    others: otherDoors(config),
    ...{ log, stop, isAgain },
    firstArguments: (urls) =>
      isAgain
        ? again(urls)
        : ["gateway", ...urlArguments(urls), ...(share ? ["--share"] : []), "--", ...films],
    nextArguments: again,
    isAsBefore: () => JSON.stringify(keptHere(loadConfig())) === JSON.stringify(keptHere(config)),
  });
}

/** What this process has read for itself: where that is changed, a new gateway process alone does not help. */
const keptHere = ({ host, port, jellyfin, ...config }: Config): object => ({
  ...{ host, port, url: jellyfin.url, proxy: jellyfin.proxy, doors: otherDoors(config) },
  ...{ trustedProxies: config.trustedProxies, logLevel: config.logLevel },
  ...{ needsToken: config.needsToken, sharedBy: sharedBy(config), ownDir: config.ownDir },
});

/** Gateways that take leases from the same server may work in one folder; its password is told to nobody. */
const sharedBy = ({
  gatewayUrl,
  farmUrl = "",
}: Pick<Config, "gatewayUrl" | "farmUrl">): string | undefined =>
  gatewayUrl === undefined ? undefined : new URL(farmUrl).host;

const urlArguments = ({ api, proxy }: Listening): readonly string[] => [
  "--url",
  api,
  ...(proxy === undefined ? [] : ["--proxy-url", proxy]),
];
