import { loadConfig } from "../config.ts";
import { startGateway } from "../gateway.ts";
import { createLog } from "../logging/log.ts";
import { createLogFeed } from "../logging/log-feed.ts";
import { streamUrls } from "../http/urls.ts";
import { aborted, exitAfter, untilSignalled } from "../shutdown.ts";
import { triggerFilm } from "../trigger.ts";
import { findNamedFilm } from "./named-film.ts";

const SHUTDOWN_MS = 10_000;

/** `upreel serve [film]`: runs until it is signalled. */
export async function serve(argument: string | undefined): Promise<void> {
  const config = loadConfig();
  const film = argument === undefined ? undefined : await findNamedFilm(argument);
  const roots = film === undefined ? config.mediaRoots : [...config.mediaRoots, film.root];
  const logFeed = createLogFeed();
  const log = createLog({
    level: config.logLevel,
    isTerminal: process.stdout.isTTY === true,
    feed: logFeed,
  });
  // Node ends the process after this; the log must know why.
  process.on("uncaughtExceptionMonitor", (error) =>
    log.error("the gateway ends by a fault", { error }),
  );
  const stop = untilSignalled();

  await using gateway = await startGateway({ config, roots, log, logFeed });
  const base = config.publicUrl ?? gateway.url;
  log.info(`listening on ${gateway.url}; open ${base}/ in a browser`);
  if (roots.length === 0)
    log.warn(
      "MEDIA_ROOTS is not set: every trigger is refused; start with MEDIA_ROOTS=/path/to/films",
    );
  if (config.apiToken === undefined && !["127.0.0.1", "::1", "localhost"].includes(config.host))
    log.warn(
      `everyone who reaches ${config.host}:${config.port} may start and cancel upscales; set API_TOKEN`,
    );

  if (film !== undefined) {
    const { id, status } = await triggerFilm({ config, roots, streams: gateway.streams }, film);
    const urls = streamUrls(base, id);
    console.log(
      [
        `${status}: ${film.path}`,
        `  ${urls.live_url}`,
        `  mpv "${urls.live_url}"`,
        `  vlc "${urls.live_url}"`,
        `  ${urls.player_url}`,
      ].join("\n"),
    );
  }
  await aborted(stop);
  log.info(`${String(stop.reason)}: shutting down`);
  exitAfter(SHUTDOWN_MS);
}
