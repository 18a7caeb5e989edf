import { eventually } from "@upreel/testkit";
import type { WebClient } from "./web-client.ts";

/** What a change in mid-play takes, in milliseconds from the order on. */
export interface MeasuredChange {
  readonly orderedAtMs: number;
  /** Until the client knows what to play. */
  readonly answerMs: number;
  /** Until it has the first pictures, and the sound with them. */
  readonly piecesMs: number;
  /** Until one of them is seen. */
  readonly pictureMs: number;
  /** Of that, the time in which it waited for answers; the rest is its own. */
  readonly waitedMs: number;
  /** Paths of the pictures and sounds that it asked for until then. */
  readonly pieces: readonly string[];
}

const PIECE = /\/upscale\/hls\/[^/]+\/(?:segments|audio\/[^/]+)\/\d{6}\.ts/;

/** Waits until a client that plays is ordered to change, and has. */
export async function changeOver(client: WebClient): Promise<MeasuredChange> {
  await eventually("it is told to change over", async () => (await client.plays()).length > 1);
  const { seconds = 0 } = (await client.plays()).at(-1) ?? {};
  await client.playsAt(seconds);
  return measureChange(client);
}

/** Of the last change that a client was ordered to make. */
async function measureChange(client: WebClient): Promise<MeasuredChange> {
  const { orderedAtMs = Number.NaN, pictureAtMs = Number.NaN } =
    (await client.plays()).at(-1) ?? {};
  const asked = (await client.requests())
    .filter(({ url }) => /PlaybackInfo|\/upscale\//.test(url))
    .filter(({ sentAtMs }) => sentAtMs >= orderedAtMs && sentAtMs <= pictureAtMs);
  const pieces = asked.filter(({ url }) => PIECE.test(url));
  const kinds = new Map<string, number>();
  for (const { url, endedAtMs } of pieces) {
    const kind = url.replace(/\d{6}\.ts.*/, "");
    if (!kinds.has(kind)) kinds.set(kind, endedAtMs);
  }
  const info = asked.find(({ url }) => url.includes("PlaybackInfo"));
  const piecesAtMs = Math.max(...kinds.values());
  return {
    orderedAtMs,
    answerMs: (info?.endedAtMs ?? Number.NaN) - orderedAtMs,
    piecesMs: piecesAtMs - orderedAtMs,
    pictureMs: pictureAtMs - orderedAtMs,
    waitedMs: covered(
      asked.map(({ sentAtMs, endedAtMs }) => [sentAtMs, Math.min(endedAtMs, piecesAtMs)]),
    ),
    pieces: pieces.map(({ url }) => new URL(url).pathname),
  };
}

/** How long any of these spans lasted. */
function covered(spans: readonly (readonly [from: number, to: number])[]): number {
  let sum = 0;
  let until = -Infinity;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
