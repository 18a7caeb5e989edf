import { once } from "node:events";
import { get, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { MOST_SEGMENTS } from "@upreel/core";
import { makeRecord, makeTimeline, turnsDuring } from "@upreel/testkit";
import { SEGMENTS_A_PIECE } from "@upreel/watcher";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

/** Reads an answer as it comes: a client in this thread that joins it would take a turn of its own. */
async function read(url: string, headers: OutgoingHttpHeaders) {
  const [answer] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, etag: answer.headers.etag, chunks };
}

it.each(["stream.m3u8", "stream.m3u8?absolute"] as const)(
  "writes %s of the longest film in turns with all other work",
  async (name) => {
    await using app = await startTestApp();
    const timeline = { ...makeTimeline(MOST_SEGMENTS * 12), framesPerSegment: 12 };
    const record = makeRecord({ timeline });
    app.streams.put({ id: record.id, state: "running" });
    await app.streams.records.save(record);
    const url = `${app.url}/hls/${record.id}/${name}`;
    for (const encoding of ["identity", "gzip"]) {
      const asked = { "Accept-Encoding": encoding };
      let answer: Awaited<ReturnType<typeof read>> | undefined;
      const { count, longestMs, wholeMs } = await turnsDuring(async () => {
        answer = await read(url, asked);
      });
      expect(count).toBeGreaterThan(MOST_SEGMENTS / SEGMENTS_A_PIECE);
      expect(longestMs).toBeLessThan(wholeMs / 10);
      const bytes = Buffer.concat(answer?.chunks ?? []);
      const text = (encoding === "gzip" ? gunzipSync(bytes) : bytes).toString();
      expect(text.match(/#EXTINF/g)).toHaveLength(MOST_SEGMENTS);
      expect(text.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
      // Who has it is not sent it once more.
      const again = await read(url, { ...asked, "If-None-Match": answer?.etag });
      expect([again.status, again.chunks]).toEqual([304, []]);
    }
  },
);
