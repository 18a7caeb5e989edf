import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTestApp, type TestApp } from "../apps/gateway/src/testing/start-app.ts";

const SEGMENT = Buffer.alloc(188 * 50, 7);
const PLAYLIST = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${"#EXTINF:2.0,\nsegments/000000.ts\n".repeat(60)}`;
const ID = "abc234";

let gateway: TestApp;
let nginx: { url: string; process: ChildProcess; folder: string };

beforeEach(async () => {
  gateway = await startTestApp();
  nginx = await startNginx(gateway);
  gateway.streams.put({ id: ID });
});
afterEach(async () => {
  nginx.process.kill("SIGTERM");
  await once(nginx.process, "exit");
  await gateway[Symbol.asyncDispose]();
  await rm(nginx.folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The template filled in as envsubst does it, in a whole configuration for a user without rights. */
async function startNginx(app: TestApp): Promise<typeof nginx> {
  const folder = await mkdtemp(join(tmpdir(), "upreel-nginx-"));
  const port = await freePort();
  const values: Record<string, string> = {
    UPREEL_LISTEN: `127.0.0.1:${port}`,
    UPREEL_GATEWAY: new URL(app.url).host,
    UPREEL_DATA: app.dataDir,
  };
  const template = await readFile(new URL("./upreel.conf.template", import.meta.url), "utf8");
  const site = template.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join("\n");
  await writeFile(
    join(folder, "nginx.conf"),
    `${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http { access_log off; ${temporary}\n${site} }`,
  );
  await mkdir(join(app.dataDir, "streams"), { recursive: true });
  const args = ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")];
  const test = spawn("nginx", [...args, "-t"], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  test.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const [code] = (await once(test, "close")) as [number];
  expect([code, complaint]).toEqual([0, expect.stringContaining("test is successful")]);
  const process_ = spawn("nginx", args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).ok).toBe(true), {
    timeout: 5000,
    interval: 20,
  });
  return { url, process: process_, folder };
}

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
    await vi.waitFor(() => expect(gateway.streams.asked).toEqual([{ id: ID, segment: 0 }]));
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
    await vi.waitFor(() => expect(gateway.streams.waiterCount(ID)).toBe(1));
    await gateway.streams.publish(ID, 1, SEGMENT);
    await gateway.streams.writeStreamFile(ID, "live.m3u8", PLAYLIST);
    const body = Buffer.from(await (await segment).arrayBuffer());
    expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    expect(await (await playlist).text()).toBe(PLAYLIST);
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

  it("with the gateway gone still serves what is made, and cuts instead of failing what is not", async () => {
    await gateway.streams.publish(ID, 0, SEGMENT);
    await gateway.streams.writeStreamFile(ID, "live.m3u8", PLAYLIST);
    const { dataDir } = gateway;
    const copy = { segment: await readFile(join(dataDir, `streams/${ID}/segments/000000.ts`)) };
    await gateway.stopServer();
    for (let round = 0; round < 3; round += 1) {
      const response = await get("segments/000000.ts");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(copy.segment);
    }
    expect((await get("live.m3u8")).status).toBe(200);
    await expect(get("segments/000009.ts")).rejects.toThrow();
    expect((await get("stream.m3u8")).status).toBe(502);
  });
});
