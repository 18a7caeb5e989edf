import { request as httpRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_PNG } from "../testing/small-png.ts";
import { startTestApp, type TestApp } from "../testing/start-app.ts";

/** The calls that the upscaler plugin makes, byte for byte as .NET makes them. */
const TOKEN = "token-of-the-plugin";
const settings = { AI_SERVICE_PORT: "0", AI_SERVICE_TOKEN: TOKEN };
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(settings);
});
afterAll(() => app[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly json: () => unknown;
}

async function ask(
  method: string,
  path: string,
  {
    type,
    body,
    token = TOKEN,
    url = app.serviceUrl,
  }: { type?: string; body?: Buffer; token?: string; url?: string } = {},
): Promise<Answer> {
  const headers = {
    ...(token === "" ? {} : { "X-Api-Token": token }),
    ...(type === undefined ? {} : { "Content-Type": type }),
    ...(body === undefined ? {} : { "Content-Length": body.length }),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(`${url}${path}`, { method, headers }, resolve).on("error", reject).end(body);
  });
  const bytes = Buffer.concat(await response.toArray());
  return {
    ...{ status: response.statusCode ?? 0, headers: response.headers, bytes },
    json: () => JSON.parse(bytes.toString()),
  };
}

const BOUNDARY = "3f2a-0001";
type Part = { name: string; text: string } | { name: string; file: Buffer };
/** As MultipartFormDataContent writes it: names without quotes, the boundary in quotes. */
function dotnetForm(...parts: readonly Part[]): { type: string; body: Buffer } {
  const lines = parts.flatMap((part) => [
    Buffer.from(`--${BOUNDARY}\r\n`),
    "file" in part
      ? Buffer.from(
          `Content-Type: image/png\r\nContent-Disposition: form-data; name=${part.name}; filename=frame.png; filename*=utf-8''frame.png\r\n\r\n`,
        )
      : Buffer.from(
          `Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=${part.name}\r\n\r\n${part.text}`,
        ),
    ...("file" in part ? [part.file] : []),
    Buffer.from("\r\n"),
  ]);
  return {
    type: `multipart/form-data; boundary="${BOUNDARY}"`,
    body: Buffer.concat([...lines, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  };
}
const urlForm = (fields: Record<string, string>) => ({
  type: "application/x-www-form-urlencoded",
  body: Buffer.from(new URLSearchParams(fields).toString()),
});

const sizeOfPng = (bytes: Buffer) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
/** From the frame header, whatever lies before it. */
function sizeOfJpeg(bytes: Buffer): number[] {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2)
      return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  return [];
}
const loadBody = { model_name: "fsrcnn-x2", use_gpu: "true", gpu_device_id: "0" };

describe("who may ask", () => {
  it.each([
    ["/health", 200],
    ["/status", 200],
    ["/models", 200],
    ["/metrics", 200],
    ["/benchmark", 403],
    ["/face-restore/status", 403],
    ["/nothing", 403],
  ])("without a token %s is %d", async (path, status) => {
    expect((await ask("GET", path, { token: "" })).status).toBe(status);
  });

  it("a wrong token is 403, never 401", async () => {
    const answer = await ask("POST", "/models/load", { ...urlForm(loadBody), token: "another" });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining("Invalid or missing") });
  });

  it("nobody may where no token is set, and everybody with none", async () => {
    for (const [token, status] of [
      [undefined, 403],
      ["none", 200],
    ] as const) {
      await using other = await startTestApp({
        AI_SERVICE_PORT: "0",
        ...(token === undefined ? {} : { AI_SERVICE_TOKEN: token }),
      });
      const url = other.serviceUrl;
      expect((await ask("GET", "/face-restore/status", { token: "", url })).status).toBe(status);
    }
  });
});

describe("a job of the plugin's", () => {
  it("asks for the status, which says what decides how it goes on", async () => {
    const status = (await ask("GET", "/status")).json();
    expect(status).toMatchObject({
      ...{ status: "running", current_model: expect.any(String), input_frames: 1 },
      ...{ available_providers: expect.any(Array), loaded_models: expect.any(Array) },
      ...{ using_gpu: false, processing_count: 0, max_concurrent: expect.any(Number) },
    });
  });

  it.each([
    [
      "multipart",
      dotnetForm({ name: "model_name", text: "fsrcnn-x2" }, { name: "use_gpu", text: "true" }),
    ],
    ["url encoded", urlForm(loadBody)],
  ])("downloads and loads a model: %s", async (_encoding, form) => {
    expect((await ask("POST", "/models/download", form)).status).toBe(200);
    const loaded = await ask("POST", "/models/load", form);
    expect(loaded.status).toBe(200);
    expect(loaded.json()).toMatchObject({ status: "success", model: "fsrcnn-x2" });
    expect((await ask("GET", "/status")).json()).toMatchObject({ current_model: "fsrcnn-x2" });
  });

  it("is told 404 for a model that is not known", async () => {
    const answer = await ask("POST", "/models/load", urlForm({ model_name: "nobody-x2" }));
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining("nobody-x2") });
  });

  it("sends frames, which come back in the model's scale, whatever scale it names", async () => {
    const form = dotnetForm({ name: "file", file: SMALL_PNG }, { name: "scale", text: "4" });
    const answer = await ask("POST", "/upscale", form);
    expect(answer.headers["content-type"]).toBe("image/png");
    expect(sizeOfPng(answer.bytes)).toEqual([6, 4]);
  });

  it("sends many frames at once, and none is refused", async () => {
    const form = dotnetForm({ name: "file", file: SMALL_PNG }, { name: "scale", text: "2" });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask("POST", "/upscale", form)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await ask("GET", "/health")).status).toBe(200);
  });

  it("sends several frames and gets the middle one", async () => {
    const frames = [SMALL_PNG, SMALL_PNG, SMALL_PNG].map((file, k) => ({
      name: `frame_${k}`,
      file,
    }));
    const answer = await ask("POST", "/upscale-video-chunk", dotnetForm(...frames));
    expect(sizeOfPng(answer.bytes)).toEqual([6, 4]);
    const [, second] = frames;
    const missing = await ask(
      "POST",
      "/upscale-video-chunk",
      dotnetForm(...(second ? [second] : [])),
    );
    expect(missing.status).toBe(400);
    expect(missing.json()).toMatchObject({ detail: "Missing frame_0" });
  });

  it.each(["application/octet-stream", "image/jpeg", "application/x-www-form-urlencoded"])(
    "sends live frames as %s and gets JPEG of exactly twice the size",
    async (type) => {
      const answer = await ask("POST", "/upscale-frame", { type, body: SMALL_PNG });
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("image/jpeg");
      expect(sizeOfJpeg(answer.bytes)).toEqual([6, 4]);
    },
  );

  it("goes on after a restart without a load: the model of before is there again", async () => {
    await using first = await startTestApp(settings);
    const load = { ...urlForm({ model_name: "espcn-x3" }), url: first.serviceUrl };
    expect((await ask("POST", "/models/load", load)).status).toBe(200);
    await using again = await startTestApp({ ...settings, DATA_DIR: first.dataDir });
    const answer = await ask("POST", "/upscale-frame", { body: SMALL_PNG, url: again.serviceUrl });
    expect(sizeOfJpeg(answer.bytes)).toEqual([9, 6]);
  });

  it("is healthy, and says so, after frames that were none", async () => {
    for (let i = 0; i < 6; i++) {
      const bad = await ask("POST", "/upscale-frame", { body: Buffer.from("no picture") });
      expect(bad.status).toBe(422);
      expect(bad.json()).toMatchObject({ detail: expect.any(String) });
    }
    const health = await ask("GET", "/health");
    expect(health.status).toBe(200);
    expect(health.json()).toMatchObject({ status: "degraded" });
    expect((await ask("POST", "/upscale-frame", { body: SMALL_PNG })).status).toBe(200);
    expect((await ask("GET", "/health")).json()).toMatchObject({ status: "healthy" });
  });
});

describe("the plugin's pages", () => {
  it("list the models with the fields that are read", async () => {
    const { models, total } = (await ask("GET", "/models")).json() as {
      models: Record<string, unknown>[];
      total: number;
    };
    expect(total).toBe(models.length);
    expect(models.find(({ id }) => id === "span-x2")).toMatchObject({
      ...{ name: expect.any(String), description: expect.stringContaining("Upreel") },
      ...{ scale: [2], category: "fast", downloaded: true, available: true, custom: false },
    });
    expect(models.some(({ id }) => String(id).startsWith("upreel-x2-"))).toBe(true);
  });

  it("ask how fast a frame is, and get a figure or an error in a 200", async () => {
    const good = await ask("GET", "/benchmark-frame?width=64&height=64");
    expect(good.json()).toMatchObject({
      ...{ fps: expect.any(Number), model: expect.any(String), output_width: 128 },
      ...{ output_height: 128, capture_width: 64, avg_time_ms: expect.any(Number) },
    });
    const large = await ask("GET", "/benchmark-frame?width=7680&height=4320");
    expect(large.status).toBe(200);
    expect(large.json()).toMatchObject({ error: expect.any(String) });
  });

  it("read metrics by their names", async () => {
    const text = (await ask("GET", "/metrics")).bytes.toString();
    for (const name of [
      ...["upscaler_frames_total", "upscaler_processing_time_avg_ms"],
      ...["upscaler_circuit_open", "upscaler_consecutive_failures"],
    ])
      expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
  });

  it("get a tier that the plugin knows", async () => {
    const tiers = ["strong-gpu", "mid-gpu", "igpu", "strong-cpu", "weak-cpu"];
    const { tier } = (await ask("GET", "/recommend")).json() as { tier: string };
    expect(tiers).toContain(tier);
  });

  it("set how many frames come at a time", async () => {
    const answer = await ask("POST", "/config", urlForm({ max_concurrent: "7", use_gpu: "true" }));
    expect(answer.json()).toMatchObject({ max_concurrent: 7, gpu_device_id: 0 });
    expect((await ask("GET", "/status")).json()).toMatchObject({ max_concurrent: 7 });
    expect((await ask("POST", "/config", urlForm({ max_concurrent: "0" }))).status).toBe(400);
  });

  it("learn what is already there, and that a download is not known", async () => {
    const here = await ask("POST", "/models/download-async", urlForm({ model_name: "span-x2" }));
    expect(here.json()).toEqual({ status: "completed", job_id: null, already_present: true });
    expect((await ask("GET", "/models/download-status/none")).status).toBe(404);
  });

  it.each([
    ["POST", "/models/convert-upload", 501],
    ["POST", "/detect-mask", 501],
    ["POST", "/interpolate-frames", 501],
    ["POST", "/face-restore/load", 400],
    ["POST", "/face-restore/frame", 503],
    ["POST", "/upscale-hdr", 501],
    ["DELETE", "/models/upload/upreel-x2-full16", 403],
    ["DELETE", "/models/upload/nobody", 404],
  ])("are told what is not done: %s %s is %d", async (method, path, status) => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ detail: expect.any(String) });
  });

  it("take a missing route for a sign to do it themselves", async () => {
    const answer = await ask("POST", "/models/import-from-catalog", { body: Buffer.from("{}") });
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ detail: "Not Found" });
  });
});

describe("hostile bodies", () => {
  it.each([
    [
      "a form without an end",
      { type: `multipart/form-data; boundary="x"`, body: Buffer.from("--x\r\n") },
    ],
    ["a form without a file", dotnetForm({ name: "scale", text: "2" })],
    ["no form at all", { type: "text/plain", body: Buffer.from("hello") }],
    ["nothing", {}],
  ])("%s is a 4xx with a sentence", async (_name, body) => {
    for (const path of ["/upscale", "/models/load", "/upscale-video-chunk"]) {
      const answer = await ask("POST", path, body);
      expect(Math.floor(answer.status / 100)).toBe(4);
      expect(answer.json()).toMatchObject({ detail: expect.any(String) });
    }
  });

  it("what is too large is refused by its length alone", async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = httpRequest(`${app.serviceUrl}/upscale-frame`, {
        method: "POST",
        headers: { "X-Api-Token": TOKEN, "Content-Length": 60 * 2 ** 20 },
      });
      call.on("response", resolve).on("error", reject);
      call.flushHeaders();
    });
    expect(answer.statusCode).toBe(413);
    answer.destroy();
  });
});
