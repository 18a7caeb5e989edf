import { setTimeout as sleep } from "node:timers/promises";

/** A player asks for what it will show within so many seconds. */
const AHEAD_SECONDS = 12;
const RETRY_MS = 250;

/** What a player saw that follows a playlist at film speed. */
export interface ReadAlong {
  readonly firstSeconds: number;
  readonly longestStallSeconds: number;
  readonly stalls: number;
}

/** Follows the playlist as a player does, from its start to its end. */
export async function readAlong(url: string, signal: AbortSignal): Promise<ReadAlong> {
  const beganMs = performance.now();
  const segments = await readSegments(url, signal);
  let [playingSinceMs, firstSeconds, longestMs, stalls, filmMs] = [NaN, 0, 0, 0, 0];
  for (const [k, { uri, seconds }] of segments.entries()) {
    const waitMs = playingSinceMs + filmMs - AHEAD_SECONDS * 1_000 - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    await fetchSegment(new URL(uri, url).href, signal);
    const nowMs = performance.now();
    if (k === 0) {
      playingSinceMs = nowMs;
      firstSeconds = (nowMs - beganMs) / 1_000;
    }
    const lateMs = nowMs - (playingSinceMs + filmMs);
    if (lateMs > 0) {
      playingSinceMs += lateMs;
      longestMs = Math.max(longestMs, lateMs);
      if (k > 0) stalls += 1;
    }
    filmMs += seconds * 1_000;
  }
  return { firstSeconds, longestStallSeconds: longestMs / 1_000, stalls };
}

async function readSegments(
  url: string,
  signal: AbortSignal,
): Promise<{ readonly uri: string; readonly seconds: number }[]> {
  for (;;) {
    const response = await fetch(url, { signal });
    const text = await response.text();
    const found = [...text.matchAll(/#EXTINF:([\d.]+),\n(.+)/g)];
    if (response.ok && found.length > 0)
      return found.map(([, seconds, uri]) => ({ seconds: Number(seconds), uri: uri ?? "" }));
    await sleep(RETRY_MS, undefined, { signal });
  }
}

async function fetchSegment(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const isThere = await fetch(url, { signal })
      .then(async (response) => {
        await response.arrayBuffer();
        return response.ok;
      })
      .catch(() => false);
    if (isThere) return;
    signal.throwIfAborted();
    await sleep(RETRY_MS, undefined, { signal });
  }
}
