import { setTimeout as wait } from "node:timers/promises";
import PQueue from "p-queue";
import type { PluginManifest } from "../manifest/plugin-manifest.ts";

/** A longer pause is not waited for: other plugins and films would wait, too. */
const LONGEST_PAUSE_MS = 60_000;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A plugin may not be called for a while, as its manifest wants it. */
export class RateLimited extends Error {
  override readonly name = "RateLimited";

  constructor(pauseMs: number) {
    super(
      `its rateLimit allows no call for another ${Math.ceil(pauseMs / 1_000)} s; ` +
        `waits last ${LONGEST_PAUSE_MS / 1_000} s at most`,
    );
  }
}

/** Lets calls of one plugin begin as its `rateLimit` allows, in their order. */
export interface RateLimit {
  /** Throws `RateLimited` instead of a long wait, and when `signal` aborts one. */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createRateLimit(
  { maxConcurrency = Infinity, requests = [] }: NonNullable<PluginManifest["rateLimit"]>,
  nowMs: () => number,
): RateLimit {
  const windows = requests.map(({ max, window }) => ({ max, lengthMs: readWindow(window) }));
  const longestMs = Math.max(0, ...windows.map(({ lengthMs }) => lengthMs));
  const calls = new PQueue({ concurrency: maxConcurrency });
  const beginnings = new PQueue({ concurrency: 1 });
  /** When the calls of the longest window began. */
  let begunMs: readonly number[] = [];

  function pauseMs(): number {
    const now = nowMs();
    // A clock that was set back would hold all calls until it is there again.
    begunMs = begunMs.filter((atMs) => atMs <= now);
    const pauses = windows.map(({ max, lengthMs }) => {
      const first = begunMs.at(-max);
      return first === undefined ? 0 : first + lengthMs - now;
    });
    return Math.max(0, ...pauses);
  }

  async function begin(signal: AbortSignal): Promise<void> {
    for (let ms = pauseMs(); ms > 0; ms = pauseMs()) {
      if (ms > LONGEST_PAUSE_MS) throw new RateLimited(ms);
      await wait(ms, undefined, { signal });
    }
    const now = nowMs();
    begunMs = [...begunMs.filter((atMs) => now - atMs < longestMs), now];
  }

  return {
    run: (call, signal) =>
      calls.add(
        async () => {
          await beginnings.add(() => begin(signal));
          return call();
        },
        { signal },
      ),
  };
}

/** `10s`, `5m`, `1h`. */
function readWindow(window: string): number {
  const unit = window.at(-1) as keyof typeof UNIT_MS;
  return Number(window.slice(0, -1)) * UNIT_MS[unit];
}
