import { flushCompileCache } from "node:module";
import { loadConfig, shareOnNetwork, type Config } from "../config.ts";
import { makeApiToken } from "../config/api-token.ts";
import { isLoopback } from "../config/is-loopback.ts";
import { makeDataFolder } from "../data-folder.ts";
import { lockDataFolder } from "../data-lock.ts";
import { createLastDefence } from "../http/server/last-defence.ts";
import { createLog } from "../logging/log.ts";
import { untilSignalled } from "../shutdown.ts";
import { createBypass } from "../proxy/bypass.ts";
import { supervise, type Listening, type OtherDoor } from "../supervisor/supervise.ts";
import { checkRoots } from "./check-roots.ts";
import { askToStart, expandFilms } from "./expand-films.ts";

/**
 * `upreel serve [films]`: listens and keeps a gateway running until it is signalled. What a gateway is made of is not
 * loaded here: that process would stay as large, and the gateway would begin later.
 */
export async function serve(
  named: readonly string[],
  options: { readonly yes: boolean; readonly share: boolean },
): Promise<void> {
  if (options.share && isLoopback(loadConfig().host)) shareOnNetwork();
  const config = loadConfig();
  // Before anything is started: what is wrong here ends the command with one line.
  for (const path of [config.dataDir, config.ownDir]) await makeDataFolder(path);
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
  await using _lock = await lockDataFolder(
    config.dataDir,
    `${config.host}:${config.port}`,
    (why) => log.debug(`another Upreel in the same data folder would not be noticed: ${why}`),
    sharedBy(config),
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
    others: otherDoors(config),
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

/** Those that settings open. */
function otherDoors({ aiService, transcode }: Config): readonly OtherDoor[] {
  const doors = [
    { ...aiService, door: "service", setting: "AI_SERVICE_PORT", who: "the upscaler plugin" },
    {
      ...transcode,
      door: "transcode",
      setting: "TRANSCODE_PORT",
      who: "a remote transcoder's caller",
    },
  ] as const;
  return doors.flatMap(({ door, host, port, setting, who }) =>
    port === undefined ? [] : [{ door, host, port, setting, who }],
  );
}

/** Gateways that take leases from the same server may work in one folder; its password is told to nobody. */
const sharedBy = ({ gatewayUrl, farmUrl = "" }: Config): string | undefined =>
  gatewayUrl === undefined ? undefined : new URL(farmUrl).host;

const urlArguments = ({ api, proxy }: Listening): readonly string[] => [
  "--url",
  api,
  ...(proxy === undefined ? [] : ["--proxy-url", proxy]),
];
