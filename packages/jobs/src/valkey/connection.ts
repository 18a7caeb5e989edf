import type { Log } from "@upreel/core";
import { Redis } from "ioredis";

const LONGEST_PAUSE_MS = 2_000;

/** Host and port, without the password. */
const addressOf = (url: string): string => new URL(url).host;

/** The connections of a gateway to one server. */
export interface Connections {
  /** Of which BullMQ makes further ones, to wait on. */
  readonly first: Redis;
  /** Ends all, also those that look for a server that is away. */
  end(): void;
}

/**
 * Connects to Valkey or Redis; a connection that is lost comes back by itself, and what is asked meanwhile waits. Says once
 * that the server is away, and once that it is back.
 */
export function connectTo(url: string, log: Pick<Log, "info" | "warn">): Connections {
  const first = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_PAUSE_MS),
  });
  const all = new Set([first]);
  const duplicate = first.duplicate.bind(first);
  first.duplicate = (...how) => {
    const further = duplicate(...how);
    all.add(further);
    return further;
  };
  let isAway = false;
  first.on("error", (error) => {
    if (!isAway)
      log.warn(`FARM_URL: ${addressOf(url)} does not answer (${error.message}); jobs wait`);
    isAway = true;
  });
  first.on("ready", () => {
    if (isAway) log.info(`FARM_URL: ${addressOf(url)} answers again`);
    isAway = false;
  });
  return {
    first,
    end() {
      for (const each of all) endConnection(each);
    },
  };
}

/**
 * Whoever waits for an answer is told that none comes. While ioredis pauses between two tries, `disconnect` alone would end
 * the tries, and leave them waiting for ever.
 */
function endConnection(connection: Redis): void {
  if (connection.status === "reconnecting") connection.connect().catch(() => undefined);
  connection.disconnect();
}
