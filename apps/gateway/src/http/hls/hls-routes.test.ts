import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { UpreelError, type StreamRecord } from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";
import { NULL_PACKET } from "../../waiting/keep-alive.ts";

const SEGMENT = Buffer.alloc(188 * 20, 7);
const PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nsegments/000000.ts\n";

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
  app.streams.put({ id: "one" });
});
afterEach(() => app[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}/hls/one/${path}`, { headers });
const waiters = (count: number): Promise<void> =>
  vi.waitFor(() => expect(app.streams.waiterCount("one")).toBe(count), { interval: 5 });

/** The answer with the bytes as they arrive; fetch would hide a cut connection. */
async function rawGet(
  path: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const request = httpRequest(`${app.url}/hls/one/${path}`, { agent: false, headers });
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

describe("live.m3u8", () => {
  it("is never cached and has the type that players know", async () => {
    await app.streams.writeStreamFile("one", "live.m3u8", PLAYLIST);
    const response = await get("live.m3u8");
    expect(await response.text()).toBe(PLAYLIST);
    expect(response.headers.get("content-type")).toContain("application/vnd.apple.mpegurl");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("asked for before the first segment waits for it", async () => {
    await app.streams.writeStreamFile("one", "live.m3u8", "#EXTM3U\n");
    const answer = get("live.m3u8");
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(1), { timeout: 60_000 });
    await app.streams.writeStreamFile("one", "live.m3u8", PLAYLIST);
    app.streams.put({ id: "one", segmentsReady: 1 });
    expect(await (await answer).text()).toBe(PLAYLIST);
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(0), { timeout: 60_000 });
  });

  it("begins while its first segment is made, and comments keep its line alive", async () => {
    app.hold.playlistSilentMs = 30;
    const response = await get("live.m3u8");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/vnd.apple.mpegurl");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("# This film is not ready yet")) text += (await reader.read()).value;
    await app.streams.writeStreamFile("one", "live.m3u8", PLAYLIST);
    app.streams.put({ id: "one", segmentsReady: 1 });
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    expect(text.replaceAll("# This film is not ready yet\n", "")).toBe(PLAYLIST);
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(0), { timeout: 60_000 });
  });

  it("that has begun is cut when its film fails: it must not pass for a whole one", async () => {
    app.hold.playlistSilentMs = 30;
    const response = await get("live.m3u8");
    const reason = { code: "source_no_video", message: "no video in it" } as const;
    app.streams.put({ id: "one", state: "failed", reason });
    await expect(response.text()).rejects.toThrow();
  });

  it("of a stream that fails meanwhile is answered with the reason", async () => {
    const answer = get("live.m3u8");
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(1), { timeout: 60_000 });
    app.streams.put({
      id: "one",
      state: "failed",
      reason: { code: "source_no_video", message: "no video in it" },
    });
    expect((await answer).status).toBe(422);
    expect((await answer).headers.get("content-type")).toContain("application/json");
    expect(await (await answer).json()).toMatchObject({
      code: "source_no_video",
      message: "no video in it",
    });
  });

  it("is gzipped when it is long and the client can", async () => {
    const long = PLAYLIST + "#EXTINF:2.0,\nsegments/000001.ts\n".repeat(100);
    await app.streams.writeStreamFile("one", "live.m3u8", long);
    const response = await get("live.m3u8", { "Accept-Encoding": "gzip" });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toContain("Accept-Encoding");
    expect(await response.text()).toBe(long);
    const plain = await get("live.m3u8", { "Accept-Encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
  });
});

describe("stream.m3u8", () => {
  const timeline = { ...makeTimeline(60), framesPerSegment: 50 };
  const record = (change: Partial<StreamRecord> = {}): StreamRecord => ({
    ...makeRecord({ id: "one" }),
    ...change,
  });

  it("lists the whole timeline with exact lengths once the source is probed", async () => {
    const answer = get("stream.m3u8");
    await app.streams.records.save(record());
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(1), { timeout: 60_000 });
    const ntsc = { ...makeTimeline(100, { num: 24000, den: 1001 }), framesPerSegment: 48 };
    await app.streams.records.save(record({ timeline: ntsc }));
    const lines = (await (await answer).text()).split("\n");
    expect(lines).toEqual([
      "#EXTM3U",
      "#EXT-X-VERSION:6",
      "#EXT-X-TARGETDURATION:3",
      "#EXT-X-MEDIA-SEQUENCE:0",
      "#EXT-X-PLAYLIST-TYPE:VOD",
      "#EXT-X-INDEPENDENT-SEGMENTS",
      "#EXTINF:2.002000,",
      "segments/000000.ts",
      "#EXTINF:2.002000,",
      "segments/000001.ts",
      "#EXTINF:0.166833,",
      "segments/000002.ts",
      "#EXT-X-ENDLIST",
      "",
    ]);
  });

  it("names its segments by whole URLs for who reads it under another address", async () => {
    await app.streams.records.save(record({ timeline }));
    const lines = (await (await get("stream.m3u8?absolute")).text()).split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
      `${app.url}/hls/one/segments/000000.ts`,
      `${app.url}/hls/one/segments/000001.ts`,
    ]);
  });

  it("says of each segment that its player may go down to a lower quality, where it was asked for like that", async () => {
    await app.streams.records.save(record({ timeline }));
    const segments = async (query: string) =>
      (await (await get(`stream.m3u8${query}`)).text()).match(/^segments.*/gm);
    expect(await segments("?ladder=on")).toEqual([
      ...["segments/000000.ts?ladder=on", "segments/000001.ts?ladder=on"],
    ]);
    expect(await segments("?ladder=off")).toEqual(["segments/000000.ts", "segments/000001.ts"]);
  });

  it("lists byte ranges of the archive once there is one", async () => {
    const archived = { archive: "/f.ts", archiveOffsets: [0, 18_800, 20_680] };
    await app.streams.records.save(record({ timeline, state: "complete", ...archived }));
    expect(await (await get("stream.m3u8")).text()).toContain(
      "#EXTINF:2.000000,\n#EXT-X-BYTERANGE:18800@0\narchive.ts\n" +
        "#EXTINF:0.400000,\n#EXT-X-BYTERANGE:1880@18800\narchive.ts\n#EXT-X-ENDLIST",
    );
  });
});

describe("a segment", () => {
  it("that is there has its exact length, ranges, and is cached for ever", async () => {
    await app.streams.publish("one", 3, SEGMENT);
    const whole = await get("segments/000003.ts");
    expect(whole.headers.get("content-type")).toBe("video/mp2t");
    expect(whole.headers.get("content-length")).toBe(String(SEGMENT.length));
    expect(whole.headers.get("cache-control")).toContain("immutable");
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(SEGMENT);
    const part = await get("segments/000003.ts", { Range: "bytes=188-375" });
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes 188-375/${SEGMENT.length}`,
    ]);
    expect(part.headers.get("access-control-expose-headers")).toContain("Content-Range");
    expect((await get("segments/000003.ts", { Range: "bytes=99999-" })).status).toBe(416);
    expect(app.streams.asked[0]).toMatchObject({ id: "one", segment: 3 });
  });

  it("that comes soon is answered as if it had been there", async () => {
    // However long that takes here.
    app.hold.silentMs = 240_000;
    const answer = get("segments/000004.ts");
    await waiters(1);
    await app.streams.publish("one", 4, SEGMENT);
    const response = await answer;
    expect(response.headers.get("content-length")).toBe(String(SEGMENT.length));
    expect(response.headers.get("cache-control")).toContain("immutable");
  });

  it("that takes longer keeps the player alive with null packets and then comes whole", async () => {
    const response = await rawGet("segments/000004.ts");
    expect(response.statusCode).toBe(200);
    expect(response.headers["cache-control"]).toBe("no-store");
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    const size = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    await vi.waitFor(() => expect(size()).toBeGreaterThanOrEqual(3 * 188), { interval: 5 });
    await app.streams.publish("one", 4, SEGMENT);
    await once(response, "end");
    const body = Buffer.concat(chunks);
    const packets = (body.length - SEGMENT.length) / 188;
    expect(Number.isInteger(packets)).toBe(true);
    for (let k = 0; k < packets; k += 1)
      expect(body.subarray(k * 188, (k + 1) * 188)).toEqual(NULL_PACKET);
    expect(body.subarray(packets * 188)).toEqual(SEGMENT);
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(0), { timeout: 60_000 });
  });

  it("that a page waits for which may go down to a lower quality begins with an eighth of a segment", async () => {
    await app.streams.publish("one", 0, Buffer.alloc(188 * 80));
    await app.streams.publish("one", 1, Buffer.alloc(188 * 240));
    // After the first packets nothing comes.
    app.hold.packetEveryMs = 240_000;
    const agent = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" };
    const begins = async (query: string, headers: Record<string, string>): Promise<number> => {
      const response = await rawGet(`segments/000004.ts${query}`, headers);
      const [chunk] = (await once(response, "data")) as [Buffer];
      response.destroy();
      expect(chunk.subarray(-188)).toEqual(NULL_PACKET);
      return chunk.length / 188;
    };
    expect(await begins("?ladder=on", agent)).toBe(20);
    expect(await begins("", agent)).toBe(1);
    // Players other than pages wait as they did.
    expect(await begins("?ladder=on", { "User-Agent": "ExoPlayer" })).toBe(1);
  });

  it("is a well-formed packet stream while it waits: PID 0x1FFF, payload only", () => {
    expect(NULL_PACKET.length).toBe(188);
    expect(NULL_PACKET[0]).toBe(0x47);
    expect(NULL_PACKET.readUInt16BE(1) & 0x1fff).toBe(0x1fff);
    expect((NULL_PACKET[3] ?? 0) >> 4).toBe(1);
  });

  for (const state of ["idle", "cancelled", "failed"] as const) {
    it(`is waited for when the stream is ${state}: asking for it starts the stream`, async () => {
      app.streams.put({ id: "one", state });
      const answer = get("segments/000004.ts");
      await waiters(1);
      await vi.waitFor(() => expect(app.streams.asked.length).toBeGreaterThan(1), {
        timeout: 60_000,
      });
      expect(app.streams.asked.at(-1)).toMatchObject({ id: "one", segment: 4 });
      await app.streams.publish("one", 4, SEGMENT);
      const body = Buffer.from(await (await answer).arrayBuffer());
      expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    });
  }

  it("is not made for one that only asks whether it is there", async () => {
    app.streams.put({ id: "one", state: "idle" });
    const url = `${app.url}/hls/one/segments/000004.ts`;
    expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
    expect(app.streams.asked).toEqual([]);
  });

  it("is refused when the stream is cancelled while it is waited for", async () => {
    const answer = get("segments/000004.ts");
    await waiters(1);
    app.streams.put({ id: "one", state: "cancelled" });
    expect((await answer).status).toBe(404);
  });

  it("is refused when the film turns out to be shorter", async () => {
    const answer = get("segments/000004.ts");
    await waiters(1);
    app.streams.put({
      ...{ id: "one", segmentsTotal: 4 },
      reason: { code: "source_truncated", message: "short" },
    });
    expect((await answer).status).toBe(410);
  });

  it("is refused when the stream is removed while it is waited for", async () => {
    const answer = get("segments/000004.ts");
    await waiters(1);
    await app.streams.remove("one");
    const response = await answer;
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "stream_not_found" });
  });

  it.each([
    ["cancelled", () => app.streams.put({ id: "one", state: "cancelled" })],
    ["removed", () => app.streams.remove("one")],
    ["shorter", () => app.streams.put({ id: "one", segmentsTotal: 4 })],
  ])("whose answer has begun ends without it when the stream is %s", async (_, change) => {
    const response = await rawGet("segments/000004.ts");
    await change();
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    expect(response.complete).toBe(true);
    expect(bytes.length % 188).toBe(0);
    for (let at = 0; at < bytes.length; at += 188)
      expect(bytes.subarray(at, at + 188)).toEqual(NULL_PACKET);
    expect(app.streams.listenerCount()).toBe(0);
    expect(app.errors).toEqual([]);
  });

  it("whose answer has begun goes on when another gateway takes the stream over", async () => {
    const response = await rawGet("segments/000004.ts");
    const elsewhere = new UpreelError("stream_elsewhere", "another gateway has it");
    vi.spyOn(app.streams, "get").mockReturnValue(undefined);
    vi.spyOn(app.streams, "status").mockImplementation(() => {
      throw elsewhere;
    });
    app.streams.put({ id: "one", fps: 1 });
    const folder = join(app.dataDir, "streams", "one");
    await mkdir(join(folder, "segments"), { recursive: true });
    await writeFile(join(folder, "segments", "000004.ts"), SEGMENT);
    await writeFile(join(folder, "stream.json"), JSON.stringify(makeRecord({ id: "one" })));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).subarray(-SEGMENT.length)).toEqual(SEGMENT);
  });

  it("whose stream cannot be asked any more, since it is being removed, is waited for until it is", async () => {
    let asked = 0;
    app.streams.noteAsked = () => {
      if (asked++ > 0) throw new Error("no stream");
    };
    const answer = get("segments/000004.ts");
    await vi.waitFor(() => expect(asked).toBeGreaterThan(2), { timeout: 60_000 });
    await app.streams.remove("one");
    expect((await answer).status).toBe(200);
  });

  it("that nobody waits for any more leaves no waiter behind", async () => {
    const gone = new AbortController();
    const answer = fetch(`${app.url}/hls/one/segments/000004.ts`, { signal: gone.signal });
    answer.catch(() => undefined);
    await waiters(1);
    gone.abort();
    await waiters(0);
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(0), { timeout: 60_000 });
  });

  it("past the end does not exist, and is gone where the film was truncated", async () => {
    expect((await get("segments/000010.ts")).status).toBe(404);
    app.streams.put({
      id: "one",
      state: "complete",
      reason: { code: "source_truncated", message: "short" },
    });
    expect((await get("segments/000010.ts")).status).toBe(410);
  });

  it("has one name only", async () => {
    await app.streams.publish("one", 3, SEGMENT);
    await app.streams.writeStreamFile("one", "stream.json", "{}");
    for (const path of [
      "segments/3.ts",
      "segments/000003.mp4",
      "segments/..%2fstream.json",
      "stream.json",
      "segments/",
      "segments/0000003.ts",
      "runs/x/000003.ts",
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });

  it("may be asked for by a page of another origin", async () => {
    const response = await fetch(`${app.url}/hls/one/segments/000003.ts`, { method: "OPTIONS" });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toContain("Range");
  });
});

describe("a segment of an archived film", () => {
  const OTHER = Buffer.alloc(188 * 30, 9);
  const name = "segments/000004.ts";

  /** Segments 3 and 4, of which the second is a slice in the middle of the file and 5 its end. */
  async function archive(): Promise<void> {
    for (const [k, bytes] of [SEGMENT, OTHER, SEGMENT].entries())
      await app.streams.publish("one", k + 3, bytes);
    await app.streams.archive("one", join(app.films, "film.ts"));
  }

  it("is its slice of the archive, cached for ever", async () => {
    await archive();
    const response = await get(name);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("video/mp2t");
    expect(response.headers.get("content-length")).toBe(String(OTHER.length));
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(OTHER);
    expect(app.streams.asked.at(-1)).toMatchObject({ id: "one", segment: 4 });
  });

  it.for([
    ["bytes=0-187", 0, 187],
    ["bytes=188-", 188, OTHER.length - 1],
    ["bytes=-376", OTHER.length - 376, OTHER.length - 1],
    ["bytes=188-99999999", 188, OTHER.length - 1],
  ] as const)("has ranges of its own: %s", async ([range, first, last]) => {
    await archive();
    const response = await get(name, { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${first}-${last}/${OTHER.length}`);
    expect(response.headers.get("content-length")).toBe(String(last - first + 1));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(OTHER.subarray(first, last + 1));
  });

  it("refuses a range past its end, though the archive goes on", async () => {
    await archive();
    const response = await get(name, { Range: `bytes=${OTHER.length}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe(`bytes */${OTHER.length}`);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.for(["bytes=x", "bytes=0-1,5-6", "lines=0-1"])("answers %s with everything", async (range) => {
    await archive();
    const response = await get(name, { Range: range });
    expect([response.status, response.headers.get("content-length")]).toEqual([
      200,
      String(OTHER.length),
    ]);
  });

  it("tells HEAD what GET would, without counting a viewer", async () => {
    await archive();
    const response = await fetch(`${app.url}/hls/one/${name}`, { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe(String(OTHER.length));
    expect(response.headers.get("etag")).toBeTruthy();
    expect((await response.arrayBuffer()).byteLength).toBe(0);
    expect(app.streams.asked).toEqual([]);
  });

  it("is not sent again to who has it, and a part of another file is never joined to it", async () => {
    await archive();
    const etag = (await get(name)).headers.get("etag") ?? "";
    const other = (await get("segments/000003.ts")).headers.get("etag");
    expect(other).not.toBe(etag);
    // fetch would ask for a new copy by itself.
    const again = await rawGet(name, { "If-None-Match": etag });
    again.resume();
    expect(again.statusCode).toBe(304);
    const part = { Range: "bytes=188-" };
    expect((await get(name, { ...part, "If-Range": etag })).status).toBe(206);
    expect((await get(name, { ...part, "If-Range": '"another"' })).status).toBe(200);
  });

  it("comes whole to who began to read it before it was archived", async () => {
    // More than sockets buffer, so that the answer is still being read from the file.
    const large = Buffer.alloc(188 * 100_000, 3);
    await app.streams.publish("one", 3, large);
    const response = await rawGet("segments/000003.ts");
    await once(response, "readable");
    await app.streams.archive("one", join(app.films, "film.ts"));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
  });

  it("is found in the archive when its file goes while it is being opened", async () => {
    await app.streams.publish("one", 3, SEGMENT);
    await app.streams.publish("one", 4, OTHER);
    app.streams.afterLocate = () => app.streams.archive("one", join(app.films, "film.ts"));
    const response = await get(name);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(OTHER);
  });

  it("whose reader goes in the middle leaves no error", async () => {
    await app.streams.publish("one", 3, Buffer.alloc(188 * 100_000, 3));
    await app.streams.archive("one", join(app.films, "film.ts"));
    const response = await rawGet("segments/000003.ts");
    await once(response, "readable");
    response.destroy();
    expect((await get("segments/000003.ts", { Range: "bytes=0-187" })).status).toBe(206);
    expect(app.errors).toEqual([]);
  });
});

describe("archive.ts", () => {
  it("is the finished film, with ranges", async () => {
    const file = join(app.films, "film.ts");
    await writeFile(file, SEGMENT);
    expect((await get("archive.ts")).status).toBe(404);
    app.streams.put({ id: "one", state: "complete", file });
    const part = await get("archive.ts", { Range: "bytes=0-187" });
    expect([part.status, part.headers.get("content-type")]).toEqual([206, "video/mp2t"]);
  });
});

it("open requests do not keep the server from closing", async () => {
  const answer = get("segments/000004.ts");
  await waiters(1);
  app.close();
  await expect(answer.then((response) => response.arrayBuffer())).rejects.toThrow();
});
