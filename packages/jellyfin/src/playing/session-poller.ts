import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type ErrorCode, type Clock } from "@upreel/core";
import type { JellyfinClient } from "../client/jellyfin-client.ts";
import type { JellyfinSession } from "../client/schemas.ts";

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
  /** Somebody may have begun to play: asks now unless it does so often anyway. */
  stir(): void;
  /** Told the whole list each time, with when it was asked for. Returns the unsubscribe function. */
  onList(listener: SessionListener): () => void;
}

export type SessionListener = (sessions: readonly JellyfinSession[], askedAtMs: number) => void;

export function startSessionPoller(
  deps: {
    readonly client: Pick<JellyfinClient, "sessions">;
    /** Whether anybody plays, as far as is known. */
    readonly isBusy: () => boolean;
    /** Whether this gateway is to ask now; otherwise another one does. */
    readonly mayAsk?: () => boolean;
    readonly clock: Clock;
    readonly log: { info(message: string): void; warn(message: string): void };
  },
  options: SessionPollerOptions,
): SessionPoller {
  const { client, isBusy, mayAsk = () => true, clock, log } = deps;
  const listeners = new Set<SessionListener>();
  const closing = new AbortController();
  let wake = new AbortController();
  let isIdle = false;
  let trouble: ErrorCode | undefined;

  async function ask(): Promise<void> {
    const askedAtMs = clock.nowMs();
    try {
      const sessions = await client.sessions(closing.signal);
      for (const listener of listeners) listener(sessions, askedAtMs);
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
      if (mayAsk()) await ask();
      isIdle = !isBusy();
      const waitMs = isIdle ? options.idleMs : options.busyMs;
      const signal = AbortSignal.any([closing.signal, wake.signal]);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    poke: () => wake.abort(),
    stir() {
      if (isIdle && isBusy()) wake.abort();
    },
    onList(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
