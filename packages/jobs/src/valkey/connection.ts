import type { Log } from "@upreel/core";
import { Redis } from "ioredis";

const LONGEST_PAUSE_MS = 2_000;

/** Host and port, without the password. */
const addressOf = (url: string): string => new URL(url).host;

/**
 * A connection to Valkey or Redis that comes back by itself; what is asked meanwhile waits. Says once that the server is
 * away, and once that it is back.
 */
export function connectTo(url: string, log: Pick<Log, "info" | "warn">): Redis {
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_PAUSE_MS),
  });
  let isAway = false;
  connection.on("error", (error) => {
    if (!isAway)
      log.warn(`FARM_URL: ${addressOf(url)} does not answer (${error.message}); jobs wait`);
    isAway = true;
  });
  connection.on("ready", () => {
    if (isAway) log.info(`FARM_URL: ${addressOf(url)} answers again`);
    isAway = false;
  });
  return connection;
}
