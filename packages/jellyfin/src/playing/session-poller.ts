import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type ErrorCode, type Clock } from "@upreel/core";
import type { JellyfinClient } from "../client/jellyfin-client.ts";
import type { Watching } from "./watching.ts";

export interface SessionPollerOptions {
  /** While somebody plays. */
  readonly busyMs: number;
  /** While nobody does: a Start whose webhook was lost is seen after this time. */
  readonly idleMs: number;
}

/** Asks Jellyfin again and again who plays what: nothing is lost when either of the two restarts. */
export interface SessionPoller extends AsyncDisposable {
  /** Asks now: something has happened that a webhook did not tell whole. */
  poke(): void;
}

export function startSessionPoller(
  deps: {
    readonly client: Pick<JellyfinClient, "sessions">;
    readonly watching: Watching;
    readonly clock: Clock;
    readonly log: { info(message: string): void; warn(message: string): void };
  },
  options: SessionPollerOptions,
): SessionPoller {
  const { client, watching, clock, log } = deps;
  const closing = new AbortController();
  let wake = new AbortController();
  let trouble: ErrorCode | undefined;

  async function ask(): Promise<void> {
    const askedAtMs = clock.nowMs();
    try {
      watching.noteSessions(await client.sessions(closing.signal), askedAtMs);
      if (trouble !== undefined) log.info("Jellyfin answers again");
      trouble = undefined;
    } catch (thrown) {
      if (closing.signal.aborted) return;
      const error = toUpreelError(thrown);
      if (error.code !== trouble) log.warn(error.message);
      trouble = error.code;
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      await ask();
      const waitMs = watching.current().length > 0 ? options.busyMs : options.idleMs;
      const signal = AbortSignal.any([closing.signal, wake.signal]);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    poke: () => wake.abort(),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
