import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectSegment } from "@upreel/watcher";
import type { Random } from "@upreel/testkit";

const PACKET_BYTES = 188;
const NULL_PID = 0x1fff;
/** A viewer who has not got a segment by then has lost it. */
const PATIENCE_MS = 60_000;
const SEEK_SHARE = 0.08;

/** What all viewers saw together. */
export interface Seen {
  segments: number;
  seeks: number;
  /** Answers that broke off and were asked for again. */
  retries: number;
  readonly lost: string[];
  /** Of a segment, by film and name: what it was when it was served first. */
  readonly hashes: Map<string, string>;
  readonly changed: string[];
  /** Milliseconds from asking for a segment after a seek to its last byte. */
  readonly afterSeekMs: number[];
}

export const nothingSeen = (): Seen => ({
  segments: 0,
  seeks: 0,
  retries: 0,
  lost: [],
  hashes: new Map(),
  changed: [],
  afterSeekMs: [],
});

interface Listed {
  readonly uri: string;
  readonly seconds: number;
}

/** Watches one film as a player would, in real time, and jumps now and then; until `signal` aborts. */
export async function watchFilm(
  playlistUrl: string,
  seen: Seen,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const segments = await readPlaylist(playlistUrl, signal);
  let k = Math.floor(random.next() * segments.length);
  let hasJumped = true;
  while (!signal.aborted) {
    const segment = segments[k];
    if (segment === undefined) throw new Error(`${playlistUrl} lists no segment`);
    const askedMs = performance.now();
    await fetchSegment(playlistUrl, segment, seen, signal);
    if (signal.aborted) return;
    const tookMs = performance.now() - askedMs;
    if (hasJumped) seen.afterSeekMs.push(tookMs);
    hasJumped = random.next() < SEEK_SHARE || k + 1 >= segments.length;
    if (hasJumped) seen.seeks += 1;
    k = hasJumped ? Math.floor(random.next() * segments.length) : k + 1;
    if (hasJumped) continue;
    const restMs = segment.seconds * 1000 - tookMs;
    await sleep(Math.max(0, restMs), undefined, { signal }).catch(() => undefined);
  }
}

async function readPlaylist(url: string, signal: AbortSignal): Promise<Listed[]> {
  const text = await (await fetch(url, { signal })).text();
  return [...text.matchAll(/#EXTINF:([\d.]+),\n(?:#EXT-X-BYTERANGE.*\n)?(.+)/g)].map(
    ([, seconds, uri]) => ({ seconds: Number(seconds), uri: uri ?? "" }),
  );
}

/** Asks until it gets the whole segment, as a player does whose connection broke off. */
async function fetchSegment(
  playlistUrl: string,
  { uri, seconds }: Listed,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(uri, playlistUrl).href;
  const giveUpMs = performance.now() + PATIENCE_MS;
  let last = "";
  while (performance.now() < giveUpMs) {
    const got = await fetchOnce(url, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    if (signal.aborted) return;
    if (typeof got !== "string") {
      last = problemOf(got, seconds) ?? "";
      if (last === "") return note(url, got, seen);
    } else last = got;
    seen.retries += 1;
    await sleep(100);
  }
  seen.lost.push(`${url}: ${last}`);
}

/** The bytes, or why there are none. */
async function fetchOnce(url: string, signal: AbortSignal): Promise<Buffer | string> {
  try {
    const response = await fetch(url, { signal });
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.status === 200 ? withoutNullPackets(bytes) : `status ${response.status}`;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "cut off";
  }
}

/** Those that kept the answer alive while the segment was being made. */
function withoutNullPackets(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length && (bytes.readUInt16BE(at + 1) & 0x1fff) === NULL_PID)
    at += PACKET_BYTES;
  return bytes.subarray(at);
}

function problemOf(bytes: Buffer, seconds: number): string | undefined {
  const { pictures, lastPicture, looseBytes } = inspectSegment(bytes);
  const times = pictures.map(({ pts90k }) => pts90k ?? 0).toSorted((a, b) => a - b);
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const got = (pictures.length * step) / 90_000;
  const isWhole = looseBytes === 0 && lastPicture !== "cut" && Math.abs(got - seconds) < 0.01;
  return isWhole || pictures.length === 1 ? undefined : `${got} s of ${seconds} s`;
}

function note(url: string, bytes: Buffer, seen: Seen): void {
  const hash = createHash("sha1").update(bytes).digest("hex");
  const before = seen.hashes.get(url) ?? hash;
  seen.hashes.set(url, before);
  seen.segments += 1;
  if (before !== hash) seen.changed.push(url);
}
