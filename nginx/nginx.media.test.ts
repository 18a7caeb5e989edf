import { once } from "node:events";
import { symlink, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../apps/gateway/src/testing/start-app.ts";
import { startNginx, type RunningNginx } from "./testing/start-nginx.ts";

const SEGMENT = Buffer.alloc(188 * 50, 7);
const PLAYLIST = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${"#EXTINF:2.0,\nsegments/000000.ts\n".repeat(60)}`;
const ID = "abc234";

let gateway: TestApp;
let nginx: RunningNginx;

beforeEach(async () => {
  gateway = await startTestApp();
  nginx = await startNginx(gateway.url, gateway.dataDir);
  gateway.streams.put({ id: ID });
});
afterEach(async () => {
  await nginx[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${nginx.url}/hls/${ID}/${path}`, init);

describe("nginx", () => {
  it("serves segments from disk: ranges, type, caching for ever, any origin", async () => {
    await gateway.streams.publish(ID, 0, SEGMENT);
    const whole = await get("segments/000000.ts");
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(SEGMENT);
    expect(whole.headers.get("server")).toBe("nginx");
    expect(whole.headers.get("x-powered-by")).toBeNull();
    expect(whole.headers.get("content-type")).toBe("video/mp2t");
    expect(whole.headers.get("cache-control")).toContain("immutable");
    const part = await get("segments/000000.ts", { headers: { Range: "bytes=188-375" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes 188-375/${SEGMENT.length}`,
    ]);
    expect(part.headers.get("access-control-allow-origin")).toBe("*");
    expect(part.headers.get("access-control-expose-headers")).toContain("Content-Range");
    const options = await get("segments/000000.ts", { method: "OPTIONS" });
    expect([options.status, options.headers.get("access-control-allow-headers")]).toEqual([
      204,
      "Range",
    ]);
  });

  it("tells the gateway which segment was served", async () => {
    await gateway.streams.publish(ID, 0, SEGMENT);
    await (await get("segments/000000.ts")).arrayBuffer();
    await expect.poll(() => gateway.streams.asked).toMatchObject([{ id: ID, segment: 0 }]);
  });

  it("serves playlists uncached and gzipped", async () => {
    await gateway.streams.writeStreamFile(ID, "live.m3u8", PLAYLIST);
    const response = await get("live.m3u8", { headers: { "Accept-Encoding": "gzip" } });
    expect(await response.text()).toBe(PLAYLIST);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("lets the gateway hold requests for what is still being made", async () => {
    const playlist = get("live.m3u8");
    const segment = get("segments/000001.ts");
    await expect.poll(() => gateway.streams.waiterCount(ID)).toBe(2);
    await gateway.streams.publish(ID, 1, SEGMENT);
    await gateway.streams.writeStreamFile(ID, "live.m3u8", PLAYLIST);
    const body = Buffer.from(await (await segment).arrayBuffer());
    expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    expect(await (await playlist).text()).toBe(PLAYLIST);
  });

  it("lets the gateway cut segments out of the archive of a finished film", async () => {
    const other = Buffer.alloc(188 * 30, 9);
    for (const [k, bytes] of [SEGMENT, other, SEGMENT].entries())
      await gateway.streams.publish(ID, k, bytes);
    await gateway.streams.archive(ID, join(gateway.films, "film.ts"));
    const whole = await get("segments/000001.ts");
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(other);
    expect(whole.headers.get("content-length")).toBe(String(other.length));
    expect(whole.headers.get("content-type")).toBe("video/mp2t");
    expect(whole.headers.get("cache-control")).toContain("immutable");
    expect(whole.headers.get("access-control-allow-origin")).toBe("*");
    const range = { headers: { Range: "bytes=188-375" } };
    const part = await get("segments/000001.ts", range);
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes 188-375/${other.length}`,
    ]);
    const past = await get("segments/000001.ts", { headers: { Range: "bytes=99999-" } });
    expect(past.status).toBe(416);
    const head = await get("segments/000001.ts", { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(other.length));
    const film = await get("archive.ts", range);
    expect([film.status, (await film.arrayBuffer()).byteLength]).toEqual([206, 188]);
  });

  it("sends a segment to its end though it is deleted meanwhile", async () => {
    const large = Buffer.alloc(188 * 200_000, 3);
    await gateway.streams.publish(ID, 0, large);
    const request = httpRequest(`${nginx.url}/hls/${ID}/segments/000000.ts`).end();
    const [response] = await once(request, "response");
    await once(response, "readable");
    await gateway.streams.archive(ID, join(gateway.films, "film.ts"));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
  });

  it("passes null packets on as they come", async () => {
    const request = httpRequest(`${nginx.url}/hls/${ID}/segments/000001.ts`).end();
    const [response] = await once(request, "response");
    const [chunk] = await once(response, "data");
    expect(chunk[0]).toBe(0x47);
    request.destroy();
  });

  it("serves only the names of the contract, and lists nothing", async () => {
    await gateway.streams.publish(ID, 0, SEGMENT);
    await gateway.streams.writeStreamFile(ID, "stream.json", "{}");
    await gateway.streams.writeStreamFile(ID, "live.m3u8.tmp", "x");
    for (const path of [
      "stream.json",
      "live.m3u8.tmp",
      "segments/",
      "segments",
      "",
      "runs/1/000000.ts",
      "segments/0.ts",
      "segments/..%2fstream.json",
      "../../secret",
    ]) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 404]);
    }
    for (const path of ["/streams/abc234/stream.json", "/internal/served"])
      expect([path, (await fetch(nginx.url + path)).status]).toEqual([path, 404]);
    const missing = await fetch(`${nginx.url}/hls/zzz/segments/000000.ts`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get("cache-control")).toBe("no-store");
  });

  it("passes calls and events on, with the host that the viewer used", async () => {
    await writeFile(join(gateway.films, "f.mkv"), "");
    const answer = await fetch(`${nginx.url}/upscale-trigger`, {
      method: "POST",
      body: JSON.stringify({ path: join(gateway.films, "f.mkv") }),
    });
    expect(await answer.json()).toMatchObject({ live_url: `${nginx.url}/hls/abc/live.m3u8` });
    const events = await fetch(`${nginx.url}/events?id=${ID}`);
    const first = await events.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toContain("event: status");
  });

  it("lets many wait for one segment that is being made, and all get it", async () => {
    const viewers = Array.from({ length: 40 }, () => get("segments/000001.ts"));
    await expect.poll(() => gateway.streams.waiterCount(ID)).toBe(40);
    await gateway.streams.publish(ID, 1, SEGMENT);
    for (const viewer of await Promise.all(viewers)) {
      const body = Buffer.from(await viewer.arrayBuffer());
      expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    }
    // Each by itself; whoever waits for long asks again.
    expect(gateway.streams.asked.length).toBeGreaterThanOrEqual(40);
  });

  it("with the gateway gone still serves what is made: segments, playlists, finished films", async () => {
    await gateway.streams.publish(ID, 0, SEGMENT);
    await gateway.streams.writeStreamFile(ID, "live.m3u8", PLAYLIST);
    await gateway.streams.writeStreamFile(ID, "stream.m3u8", PLAYLIST);
    await writeFile(join(gateway.dataDir, "film.ts"), SEGMENT);
    await symlink("../../film.ts", join(gateway.dataDir, "streams", ID, "archive.ts"));
    await gateway.stopServer();
    for (let round = 0; round < 3; round += 1) {
      const response = await get("segments/000000.ts");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(SEGMENT);
    }
    for (const name of ["live.m3u8", "stream.m3u8"]) {
      const playlist = await get(name, { headers: { "Accept-Encoding": "gzip" } });
      expect(await playlist.text()).toBe(PLAYLIST);
      expect(playlist.headers.get("content-encoding")).toBe("gzip");
      expect(playlist.headers.get("cache-control")).toBe("no-cache");
    }
    const slice = await get("archive.ts", { headers: { Range: "bytes=188-375" } });
    expect([slice.status, slice.headers.get("content-range")]).toEqual([
      206,
      `bytes 188-375/${SEGMENT.length}`,
    ]);
    expect(slice.headers.get("content-type")).toBe("video/mp2t");
  });

  it("with the gateway gone holds what is not made, and then cuts instead of failing", async () => {
    await nginx[Symbol.asyncDispose]();
    nginx = await startNginx(gateway.url, gateway.dataDir, 1);
    await gateway.stopServer();
    for (const path of ["segments/000009.ts", "stream.m3u8", "live.m3u8"]) {
      const askedAtMs = performance.now();
      await expect(get(path), path).rejects.toThrow();
      expect(performance.now() - askedAtMs).toBeGreaterThan(900);
    }
    await expect(fetch(`${nginx.url}/status/${ID}`)).rejects.toThrow();
  });

  it("asks again for what a gateway that died did not answer, and the next one answers", async () => {
    const { port } = new URL(gateway.url);
    const segment = get("segments/000001.ts");
    await expect.poll(() => gateway.streams.waiterCount(ID)).toBe(1);
    await gateway.stopServer();
    const asked: string[] = [];
    const next = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(request.url === "/health" ? "{}" : SEGMENT);
    });
    next.listen(Number(port), "127.0.0.1");
    try {
      expect(Buffer.from(await (await segment).arrayBuffer())).toEqual(SEGMENT);
      expect(asked.at(-1)).toBe(`/hls/${ID}/segments/000001.ts`);
    } finally {
      next.close();
    }
  });
});
