import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually, makeRecord, makeTimeline } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { startTestApp, type TestApp } from "../testing/start-app.ts";

/** The calls that callers of remote transcoders make, as they make them. */
const TOKEN = "key of the callers";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ TRANSCODE_PORT: "0", TRANSCODE_TOKEN: TOKEN, MAX_STREAMS: "1" });
  await writeFile(join(app.films, "film.mkv"), "a film");
});
afterAll(() => app[Symbol.asyncDispose]());

const call = (
  method: string,
  path: string,
  { body, key = TOKEN }: { body?: unknown; key?: string } = {},
): Promise<Response> =>
  fetch(`${app.transcodeUrl}${path}`, {
    method,
    headers: {
      ...(key === "" ? {} : { "X-API-Key": key }),
      ...(body === undefined || body instanceof Uint8Array
        ? {}
        : { "Content-Type": "application/json" }),
    },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
const ask = async (path: string): Promise<unknown> => (await call("GET", path)).json();

let jobs = 0;
/** As the cartridge writes it, but for what a test changes. */
const jobOf = (change: Record<string, unknown> = {}, wanted: Record<string, unknown> = {}) => {
  jobs += 1;
  return {
    job_id: `20260222_101500_${jobs}`,
    source: "jellyfin",
    input: { type: "file", path: `file:${join(app.films, "film.mkv")}` },
    output: { type: "hls", path: "/config/transcodes", manifest: "a.m3u8", segment_duration: 3 },
    arguments: {
      ...{ video_codec: "libx264", audio_codec: "aac", video_bitrate: "4M", seek: "00:00:01.000" },
      ...{ resolution: "1920x1080", quality: 23, raw_args: ["-ss", "00:00:01.000"], ...wanted },
    },
    ...{ priority: 5, timeout: 3600, callback_url: null },
    metadata: { media_title: "A film", client: "web", cartridge_version: "3.1.0" },
    ...change,
  };
};

/** A stream of four segments of half a second, planned. */
async function planned(id: string): Promise<void> {
  app.streams.nextResult = { status: "started", id, archive: undefined };
  app.streams.put({ id, state: "running", segmentsTotal: 4, fps: 50, speed: 2 });
  const timeline = { ...makeTimeline(50), framesPerSegment: 13 };
  await app.streams.records.save(makeRecord({ id, timeline }));
}
const publish = (id: string, k: number): Promise<void> =>
  app.streams.publish(id, k, Buffer.from(`segment ${k} of ${id}`));

describe("a job", () => {
  it("is queued, made from where it begins, told of with progress and time left, and fetched", async () => {
    await planned("one");
    const job = jobOf();
    const answer = await call("POST", "/transcode", { body: job });
    expect(await answer.json()).toEqual({
      ...{ job_id: job.job_id, status: "queued", message: "the job is queued" },
    });
    // Segment 1 has the second at which it begins: frame 25 of 13 a segment.
    await eventually("the place to begin", () => app.streams.asked.some(({ id }) => id === "one"));
    expect(app.streams.asked.find(({ id }) => id === "one")).toMatchObject({ segment: 1 });
    expect(app.streams.triggered.at(-1)).toMatchObject({
      ...{ title: "A film", fromSeconds: 1 },
      profile: { targetHeight: 1080, quality: 23 },
    });
    expect(await ask(`/status/${job.job_id}`)).toMatchObject({
      ...{ status: "running", progress: 0, frame: 0, current_segment: 0, error: null },
      ...{ fps: 50, speed: 2, eta_seconds: 0.7, completed_at: null },
    });
    expect(await ask(`/beam/segments/${job.job_id}`)).toEqual({ files: [] });
    await publish("one", 0);
    await publish("one", 1);
    const second = await eventually("the first segment", async () => {
      const now = (await ask(`/status/${job.job_id}`)) as { frame: number };
      return now.frame > 0 ? now : undefined;
    });
    expect(second).toMatchObject({ progress: 35.1, frame: 13, out_time_ms: 520, eta_seconds: 0.5 });
    expect(await ask(`/beam/segments/${job.job_id}`)).toEqual({
      files: ["output.m3u8", "segment_0000.ts"],
    });
    const files = [`/beam/segment/${job.job_id}/`, `/segments/${job.job_id}/`];
    for (const folder of files)
      expect(await (await call("GET", `${folder}segment_0000.ts`)).text()).toBe("segment 1 of one");
    expect(await (await call("GET", `${files[0]}output.m3u8`)).text()).toMatch(
      /PLAYLIST-TYPE:EVENT\n(.*\n)*#EXTINF:0.520000,\nsegment_0000.ts\n$/,
    );
    await publish("one", 2);
    await publish("one", 3);
    const over = await eventually("its end", async () => {
      const now = (await ask(`/status/${job.job_id}`)) as { status: string };
      return now.status === "completed" ? now : undefined;
    });
    expect(over).toMatchObject({
      progress: 100,
      frame: 37,
      current_segment: null,
      eta_seconds: null,
    });
    expect(await (await call("GET", `${files[0]}output.m3u8`)).text()).toMatch(/ENDLIST\n$/);
    // Nobody else wanted it.
    await expect.poll(() => app.streams.calls).toContain("cancel one");
    await expect.poll(() => ask("/jobs")).toMatchObject({ queue_size: 0, active_jobs: 0 });
  });

  it("ends where its duration does, and at its time-out, which fails it", async () => {
    await planned("part");
    const part = jobOf({}, { seek: 0, duration: 0.52 });
    await call("POST", "/transcode", { body: part });
    await publish("part", 0);
    await eventually("its end", async () =>
      JSON.stringify(await ask(`/status/${part.job_id}`)).includes("completed"),
    );
    await planned("late");
    const late = jobOf({ timeout: 1 });
    await call("POST", "/transcode", { body: late });
    const seen = await eventually("the time-out", async () => {
      const now = (await ask(`/status/${late.job_id}`)) as { status: string };
      return now.status === "failed" ? now : undefined;
    });
    expect(seen).toMatchObject({ error: "the job took longer than 1 s" });
  });

  it("of a higher priority is made before those that wait longer, and one that is cancelled is not made", async () => {
    // Two are made at a time with one place.
    const busy = [jobOf(), jobOf()];
    for (const [n, body] of busy.entries()) {
      await planned(`busy-${n}`);
      await call("POST", "/transcode", { body });
      await eventually("it runs", () => app.streams.asked.some(({ id }) => id === `busy-${n}`));
    }
    const [low, gone, high] = [
      jobOf({ priority: 1 }),
      jobOf({ priority: 9 }),
      jobOf({ priority: 10 }),
    ];
    for (const body of [low, gone, high]) await call("POST", "/transcode", { body });
    expect(await ask("/jobs")).toMatchObject({ queue_size: 3, active_jobs: 2 });
    const cancelled = await call("DELETE", `/job/${gone.job_id}`);
    expect(await cancelled.json()).toEqual({ status: "cancelled", job_id: gone.job_id });
    await planned("next");
    await call("DELETE", `/job/${busy[0]?.job_id}`);
    await eventually("the next one", () => app.streams.asked.some(({ id }) => id === "next"));
    const clients = app.streams.asked.filter(({ id }) => id === "next");
    expect(clients[0]?.client).toBe(`job ${high.job_id}`);
    expect(await ask(`/status/${low.job_id}`)).toMatchObject({ status: "queued" });
    for (const { job_id } of [low, high, busy[1]!]) await call("DELETE", `/job/${job_id}`);
    await eventually("nothing runs", async () =>
      JSON.stringify(await ask("/jobs")).includes('"active_jobs":0'),
    );
    expect(app.streams.asked.some(({ client }) => client === `job ${gone.job_id}`)).toBe(false);
  });

  it("tells its progress over a websocket until it is over", async () => {
    await planned("told");
    const job = jobOf({}, { seek: "0" });
    await call("POST", "/transcode", { body: job });
    const headers = { "X-API-Key": TOKEN };
    const url = `${app.transcodeUrl.replace("http", "ws")}/ws/progress/${job.job_id}`;
    const socket = new WebSocket(url, { headers });
    const texts: string[] = [];
    socket.on("message", (message: Buffer) => texts.push(message.toString()));
    await once(socket, "open");
    socket.send("ping");
    await eventually("the answer", () => texts.includes("pong"));
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({ job_id: job.job_id, progress: 0 });
    const closed = once(socket, "close");
    for (const k of [0, 1, 2, 3]) await publish("told", k);
    await closed;
    expect(JSON.parse(texts.at(-1) ?? "")).toEqual({
      ...{ job_id: job.job_id, status: "completed", progress: 100, fps: 0, speed: 0, error: null },
    });
  });

  it("that fails says why", async () => {
    const missing = jobOf({ input: { type: "file", path: join(app.films, "none.mkv") } });
    await call("POST", "/transcode", { body: missing });
    await eventually("its failure", async () =>
      /failed.*none\.mkv/.test(JSON.stringify(await ask(`/status/${missing.job_id}`))),
    );
    const outside = jobOf({ input: { type: "file", path: "/etc/passwd" } });
    await call("POST", "/transcode", { body: outside });
    await eventually("its refusal", async () =>
      /failed.*MEDIA_ROOTS/.test(JSON.stringify(await ask(`/status/${outside.job_id}`))),
    );
  });
});

describe("bytes of a film", () => {
  const film = Buffer.alloc(100_000, "film");

  it("come before their job, once for several, or after it; and are gone with their job", async () => {
    await planned("sent");
    const ahead = jobOf();
    const sent = await call("PUT", `/beam/upload/${ahead.job_id}`, { body: film });
    expect(await sent.json()).toMatchObject({ status: "uploaded", size: film.length });
    await call("POST", "/transcode", { body: ahead });
    await eventually("its stream", () =>
      app.streams.triggered.at(-1)?.file.path.endsWith(`${ahead.job_id}/input`),
    );
    expect(app.streams.triggered.at(-1)?.file.sizeBytes).toBe(film.length);
    const staged = await call("PUT", "/beam/stage/film-1", { body: film });
    expect(await staged.json()).toEqual({
      ...{ status: "staged", session_id: "film-1", size: film.length },
    });
    const first = jobOf({ staged_input: "film-1", input: { type: "stream" } });
    expect((await call("POST", "/transcode", { body: first })).status).toBe(200);
    await eventually("its stream", () =>
      app.streams.triggered.at(-1)?.file.path.endsWith("film-1/input"),
    );
    expect((await call("DELETE", "/beam/stage/film-1")).status).toBe(200);
    const second = jobOf({ staged_input: "film-1" });
    expect((await call("POST", "/transcode", { body: second })).status).toBe(404);
    for (const { job_id } of [ahead, first]) await call("DELETE", `/job/${job_id}`);

    const later = jobOf({ beam_stream: true });
    const answer = await call("POST", "/transcode", { body: later });
    expect(await answer.json()).toMatchObject({ status: "pending" });
    const streamed = await call("POST", `/beam/stream/${later.job_id}`, { body: film });
    expect(await streamed.json()).toEqual({ status: "streaming", bytes_received: film.length });
    await eventually("its stream", () =>
      app.streams.triggered.at(-1)?.file.path.endsWith(`${later.job_id}/input`),
    );
    await call("DELETE", `/job/${later.job_id}`);
    expect((await call("POST", `/beam/stream/${later.job_id}`, { body: film })).status).toBe(400);
  });

  it("that come by one call are not ended by another", async () => {
    await planned("once");
    const job = jobOf({ beam_stream: true });
    await call("POST", "/transcode", { body: job });
    const path = `/beam/stream/${job.job_id}`;
    const headers = { "X-API-Key": TOKEN };
    const first = request(`${app.transcodeUrl}${path}`, { method: "POST", headers });
    first.write("the beginning ");
    await eventually("it comes", async () =>
      (await readdir(join(app.dataDir, "beamed", job.job_id))).includes("input.tmp"),
    );
    expect((await call("POST", path, { body: film })).status).toBe(503);
    expect(await ask(`/status/${job.job_id}`)).toMatchObject({ status: "pending" });
    first.end("and the end");
    await once(first, "response");
    await eventually("its stream", () =>
      app.streams.triggered.at(-1)?.file.path.endsWith(`${job.job_id}/input`),
    );
    await call("DELETE", `/job/${job.job_id}`);
  });

  it("lie apart for each of several gateways that share a data folder", async () => {
    const shared = { FARM_URL: "redis://127.0.0.1:6379", GATEWAY_URL: "http://gateway-1:5000" };
    await using one = await startTestApp({
      ...{ TRANSCODE_PORT: "0", TRANSCODE_TOKEN: "none", API_TOKEN: "a long secret token" },
      ...shared,
    });
    await fetch(`${one.transcodeUrl}/beam/stage/film`, { method: "PUT", body: film });
    const own = join(one.dataDir, "gateways", "gateway-1_5000");
    expect(await readdir(join(own, "beamed"))).toEqual(["film"]);
  });

  it("have a name that leads nowhere else", async () => {
    for (const name of ["..", "%2e%2e%2fetc", "a%2Fb", "a b", ".hidden", "x".repeat(65)]) {
      const answer = await call("PUT", `/beam/upload/${name}`, { body: film });
      expect([400, 404], name).toContain(answer.status);
    }
    expect(await readdir(app.dataDir)).not.toContain("etc");
  });
});

describe("nobody gets in", () => {
  const routes = [
    ["GET", "/health"],
    ["GET", "/probe?path=/films/a.mkv"],
    ["POST", "/transcode"],
    ["GET", "/status/1"],
    ["GET", "/jobs"],
    ["DELETE", "/job/1"],
    ["GET", "/segments/1/segment_0000.ts"],
    ["GET", "/beam/segments/1"],
    ["GET", "/beam/segment/1/segment_0000.ts"],
    ["PUT", "/beam/upload/1"],
    ["PUT", "/beam/stage/1"],
    ["DELETE", "/beam/stage/1"],
    ["POST", "/beam/stream/1"],
    ["GET", "/nothing"],
  ] as const;
  it.each(routes)("without the key: %s %s", async (method, path) => {
    for (const key of ["", "another key"]) {
      const answer = await call(method, path, { key });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({
        detail: "Invalid API key; expected TRANSCODE_TOKEN in the header X-API-Key",
      });
    }
  });

  it("for long: who is refused and sends on is cut off", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const client = connect(Number(new URL(app.transcodeUrl).port), "127.0.0.1");
      client.write("PUT /beam/upload/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");
      const [answer] = await once(client, "data");
      expect(String(answer)).toMatch(/^HTTP\/1.1 401/);
      const closed = once(client, "close");
      for (const _ of [1, 2]) vi.advanceTimersByTime(300_000);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });

  it("to the websocket without the key, from a page, or for a job that is not there", async () => {
    const status = async (headers: Record<string, string>): Promise<number | undefined> => {
      const url = `${app.transcodeUrl.replace("http", "ws")}/ws/progress/none`;
      const socket = new WebSocket(url, { headers });
      socket.on("error", () => undefined);
      const [, response] = await once(socket, "unexpected-response");
      socket.terminate();
      return (response as { statusCode?: number }).statusCode;
    };
    expect([
      await status({}),
      await status({ "X-API-Key": TOKEN, Origin: "http://a.site" }),
      await status({ "X-API-Key": TOKEN }),
    ]).toEqual([401, 403, 404]);
  });

  it("while no key is set, and everybody does with none, but pages", async () => {
    await using closed = await startTestApp({ TRANSCODE_PORT: "0" });
    expect((await fetch(`${closed.transcodeUrl}/health`)).status).toBe(401);
    await using open = await startTestApp({ TRANSCODE_PORT: "0", TRANSCODE_TOKEN: "none" });
    expect(await (await fetch(`${open.transcodeUrl}/health`)).json()).toMatchObject({
      ...{ status: "healthy", hw_accel: "none", active_jobs: 0 },
    });
    const headers = { Origin: "http://a.site" };
    expect((await fetch(`${open.transcodeUrl}/health`, { headers })).status).toBe(403);
  });
});

it("what is not done here is refused in words", async () => {
  const refused = async (change: object): Promise<string> => {
    const answer = await call("POST", "/transcode", { body: { ...jobOf(), ...change } });
    expect(answer.status).toBe(400);
    return ((await answer.json()) as { detail: string }).detail;
  };
  const form = await fetch(`${app.transcodeUrl}/transcode`, {
    ...{ method: "POST", headers: { "X-API-Key": TOKEN }, body: new URLSearchParams({ a: "1" }) },
  });
  expect(await form.text()).toMatch(/no object of JSON, which Content-Type/);
  expect(await refused({ pull_url: "http://10.0.0.1/film" })).toMatch(/cannot be fetched/);
  expect(await refused({ input: { type: "http", url: "http://10.0.0.1" } })).toMatch(
    /cannot be fetched/,
  );
  expect(await refused({ output: { type: "dash" } })).toMatch(/only HLS segments/);
  expect(await refused({ arguments: { video_codec: "copy" } })).toMatch(/nothing to upscale/);
  expect(await refused({ arguments: { subtitle: { mode: "burn" } } })).toMatch(/not drawn/);
  expect(await refused({ arguments: { seek: "later" } })).toMatch(/arguments.seek/);
  expect(await refused({ priority: 11 })).toMatch(/priority/);
  expect(await refused({ job_id: "../1" })).toMatch(/job_id/);
  expect((await call("GET", "/status/none")).status).toBe(404);
  expect((await call("DELETE", "/job/none")).status).toBe(404);
  expect((await call("POST", "/transcode/raw?job_id=1", { body: [] })).status).toBe(404);
});
