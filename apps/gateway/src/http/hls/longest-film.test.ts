import { createHash } from "node:crypto";
import { once } from "node:events";
import { get, ServerResponse, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { MOST_SEGMENTS, type Timeline } from "@upreel/core";
import { makeRecord, makeTimeline, turnsDuring } from "@upreel/testkit";
import { SEGMENTS_A_PIECE } from "@upreel/watcher";
import { afterEach, expect, it, vi } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

/** Reads an answer as it comes: a client in this thread that joins it would take a turn of its own. */
async function read(url: string, headers: OutgoingHttpHeaders) {
  const [answer] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, etag: answer.headers.etag, chunks };
}

/** Of all that is made: two pieces, the one that is awaited and the one that was read ahead. */
const MOST_A_TURN = (2 * SEGMENTS_A_PIECE) / MOST_SEGMENTS;

/** The share of the largest one among the pieces that `method` is given. */
function largestShare(owner: object, method: "update" | "write"): () => number {
  const spy = vi.spyOn(owner as { update(chunk: Uint8Array): void }, method as "update");
  return () => {
    const sizes = spy.mock.calls.map(([chunk]) => chunk.length);
    return Math.max(...sizes) / sizes.reduce((sum, size) => sum + size, 0);
  };
}

/** What reads the timeline's parts says so. */
const watched = (timeline: Timeline, note: () => void): Timeline =>
  new Proxy(timeline, {
    get(target, name, receiver) {
      note();
      return Reflect.get(target, name, receiver) as unknown;
    },
  });

afterEach(() => vi.restoreAllMocks());

it.each([
  ["stream.m3u8", "identity"],
  ["stream.m3u8", "gzip"],
  ["stream.m3u8?absolute", "identity"],
  ["stream.m3u8?absolute", "gzip"],
])(
  "writes %s of the longest film in pieces, others having their turn (%s)",
  async (name, encoding) => {
    await using app = await startTestApp();
    const timeline = { ...makeTimeline(MOST_SEGMENTS * 12), framesPerSegment: 12 };
    const record = makeRecord({ timeline });
    app.streams.put({ id: record.id, state: "running" });
    const url = `${app.url}/hls/${record.id}/${name}`;
    const asked = { "Accept-Encoding": encoding };
    const hashed = largestShare(Object.getPrototypeOf(createHash("sha1")) as object, "update");
    const written = largestShare(ServerResponse.prototype, "write");
    let answer: Awaited<ReturnType<typeof read>> | undefined;
    const { most, all } = await turnsDuring(async (note) => {
      const seen = { ...record, timeline: watched(timeline, note) };
      app.streams.records.read = async () => seen;
      answer = await read(url, asked);
    });
    expect(most / all).toBeLessThanOrEqual(1.1 * MOST_A_TURN);
    expect(hashed()).toBeLessThanOrEqual(MOST_A_TURN);
    // Compressed, it is half a megabyte in 30 pieces of zlib's size.
    expect(written()).toBeLessThanOrEqual(0.1);
    const bytes = Buffer.concat(answer?.chunks ?? []);
    const text = (encoding === "gzip" ? gunzipSync(bytes) : bytes).toString();
    expect(text.match(/#EXTINF/g)).toHaveLength(MOST_SEGMENTS);
    expect(text.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
    // Who has it is not sent it once more.
    const again = await read(url, { ...asked, "If-None-Match": answer?.etag });
    expect([again.status, again.chunks]).toEqual([304, []]);
  },
);
