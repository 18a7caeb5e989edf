import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { UpreelError } from "@upreel/core";
import type { Models, Pictures, UpscaledPicture } from "@upreel/engine";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import type { PublicModel } from "@upreel/upscaler";
import express from "express";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tinyModel } from "../../../../packages/upscaler/src/graph/testing/tiny-models.ts";
import { enlargeNearest } from "../../../../packages/upscaler/src/import/testing/nearest-model.ts";
import { detailErrors } from "../http/server/detail-errors.ts";
import { listen } from "../http/server/server.ts";
import { startTestApp, type TestApp } from "../testing/start-app.ts";
import { aboutRoutes } from "./about-routes.ts";
import { frameRoutes } from "./frame-routes.ts";
import { createFrameService } from "./frame-service.ts";
import { loadRoutes } from "./load-routes.ts";
import { findModel } from "./service-models.ts";

const MODEL = Buffer.from(tinyModel(enlargeNearest(3, 2)));
const weights = createServer((_request, response) => response.end(MODEL));
const open = { AI_SERVICE_PORT: "0", AI_SERVICE_TOKEN: "none" };
let app: TestApp;
beforeAll(async () => {
  await new Promise<void>((resolve) => void weights.listen(0, "127.0.0.1", resolve));
  const { port } = weights.address() as AddressInfo;
  const offered: PublicModel = {
    ...{ id: "small", name: "Small", good_at: "tests", content: "any", licence: "MIT" },
    ...{ credit: "nobody", scale: 2, weights: 324, url: `http://127.0.0.1:${port}/small.onnx` },
    sha256: createHash("sha256").update(MODEL).digest("hex"),
    size_bytes: MODEL.length,
  };
  app = await startTestApp(open, undefined, { publicModels: [offered] });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  weights.close();
});

const get = (path: string) => fetch(`${app.serviceUrl}${path}`);
const post = (path: string, body?: FormData | URLSearchParams) =>
  fetch(`${app.serviceUrl}${path}`, { method: "POST", ...(body !== undefined && { body }) });
const named = (name: string) => new URLSearchParams({ model_name: name });
const aList = expect.any(Array);
const aNumber = expect.any(Number);

it.each([
  ["/health/detailed", { status: "healthy" }],
  ["/hardware", { cpu: { cores: aNumber } }],
  ["/gpus", { gpus: aList }],
  ["/gpu-verify", { using_gpu: false, providers: aList }],
  ["/models/disk-usage", { total_mb: aNumber }],
  ["/benchmark", { fps: aNumber, avg_time_ms: aNumber, using_gpu: false }],
  ["/features", { features: aList }],
  ["/connections", { connections: [] }],
  ["/interpolation/status", { available: false }],
  ["/auth/tokens", { tokens: [], bootstrap_env: true }],
])("GET %s has the fields that are read", async (path, fields) => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject(fields);
});

it.each([
  ["/models/cleanup?max_age_days=30&dry_run=false", 200, { to_delete: [], deleted_count: 0 }],
  ["/connections/register", 200, { status: "ok" }],
  ["/auth/tokens", 501, { detail: expect.stringContaining("AI_SERVICE_TOKEN") }],
  ["/models/load-detector", 501, { detail: expect.any(String) }],
  ["/models/convert-from-catalog", 501, { detail: expect.any(String) }],
  // Upon exactly this the plugin reads the public catalogue itself, and uploads what it finds there.
  ["/models/import-async", 404, { detail: "Not Found" }],
])("POST %s is answered %d", async (path, status, fields) => {
  const answer = await post(path);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject(fields);
});

it("models are loaded, unloaded and downloaded by their addresses, too", async () => {
  expect(await (await post("/models/espcn-x3/load")).json()).toMatchObject({ model: "espcn-x3" });
  expect(await (await get("/status")).json()).toMatchObject({ current_model: "espcn-x3" });
  expect((await post("/models/espcn-x3/unload")).status).toBe(200);
  expect((await post("/models/espcn-x3/download")).status).toBe(200);
  for (const what of ["load", "unload", "download"])
    expect((await post(`/models/nobody/${what}`)).status).toBe(404);
});

it("a model is downloaded while the page asks how far it is", async () => {
  const asked = await (await post("/models/download-async", named("small"))).json();
  expect(asked).toEqual({ status: "queued", job_id: expect.any(String), already_present: false });
  const { job_id: job } = asked as { job_id: string };
  await expect
    .poll(async () => (await get(`/models/download-status/${job}`)).json(), { timeout: 240_000 })
    .toEqual({ status: "completed", progress: 100 });
  expect(await (await post("/models/load", named("small"))).json()).toMatchObject({
    ...{ status: "success", model: "small" },
  });
});

it("a model is uploaded under its name, listed as the user's own, and deleted", async () => {
  const form = new FormData();
  form.append("model_name", "my_net");
  form.append("scale", "2");
  form.append("file", new Blob([MODEL]), "weights.onnx");
  const uploaded = await post("/models/upload", form);
  expect(await uploaded.json()).toMatchObject({ status: "ok", model_name: "my_net", scale: 2 });
  const find = async () => {
    const { models } = (await (await get("/models")).json()) as { models: { id: string }[] };
    return models.find(({ id }) => id === "my_net");
  };
  expect(await find()).toMatchObject({ custom: true, downloaded: true, scale: [2] });
  const gone = await fetch(`${app.serviceUrl}/models/upload/my_net`, { method: "DELETE" });
  expect(gone.status).toBe(200);
  expect(await find()).toBeUndefined();
});

it.each(["/logs-stream", "/logs/stream"])("%s sends the log as it is written", async (path) => {
  app.logFeed.push({ time: "t0", level: "info", message: `before ${path}` });
  const answer = await get(path);
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  app.logFeed.push({ time: "t1", level: "warn", message: `after ${path}` });
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(`after ${path}`)) break;
  }
  expect(text).toContain(`before ${path}`);
});

it("the newest lines of the log can be asked for, and all of it needs the token", async () => {
  app.logFeed.push({ time: "t2", level: "info", message: "the last one" });
  expect(await (await get("/logs/recent?limit=1")).json()).toEqual({
    ...{ count: 1, entries: [{ time: "t2", level: "info", message: "the last one" }] },
  });
  await using other = await startTestApp({
    AI_SERVICE_PORT: "0",
    AI_SERVICE_TOKEN: "a-secret-one",
  });
  for (const path of ["/logs-stream", "/logs/stream", "/logs/recent"])
    expect((await fetch(`${other.serviceUrl}${path}`)).status).toBe(403);
});

it("where a GPU's memory is short, a frame and a load are 507 with what to do", async () => {
  await using folder = await makeTempFolder();
  const frame: Pictures["frame"] = async () => {
    throw new UpreelError("out_of_memory", "the network does not fit into the GPU's memory", {
      expected: "a smaller model",
    });
  };
  await using service = await serveFrames({ frame }, folder.path);
  for (const path of ["/upscale-frame", "/models/load"]) {
    const body = path === "/models/load" ? named("fsrcnn-x2") : "frame";
    const answer = await fetch(`${service.url}${path}`, { method: "POST", body });
    expect(answer.status).toBe(507);
    const told = expect.stringMatching(/does not fit .* a smaller model/);
    expect(await answer.json()).toEqual({ detail: told, hint: told });
  }
});

it.each([
  ["cpu", false, ["CPUExecutionProvider"]],
  ["cuda", true, ["CUDAExecutionProvider", "CPUExecutionProvider"]],
  [
    "tensorrt",
    true,
    ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"],
  ],
  ["webgpu", true, ["WebGpuExecutionProvider", "CPUExecutionProvider"]],
  ["ffmpeg", false, []],
])("says on what the frames of a model are made: %s", async (provider, onGpu, providers) => {
  await using folder = await makeTempFolder();
  const made = { bytes: Buffer.from("x"), format: "png", width: 32, height: 32, model: "m" };
  const asked: string[] = [];
  const pictures: Partial<Pictures> = {
    frame: async () => made as UpscaledPicture,
    async providerOf(model) {
      asked.push(model);
      return provider;
    },
  };
  await using service = await serveFrames(pictures, folder.path);
  const load = await fetch(`${service.url}/models/load`, {
    ...{ method: "POST", body: named("realesrgan-x2") },
  });
  const loaded: unknown = await load.json();
  expect(loaded).toMatchObject({ status: "success", using_gpu: onGpu, providers });
  const read = async (path: string) => (await fetch(`${service.url}${path}`)).json();
  expect(await read("/gpu-verify")).toEqual({ using_gpu: onGpu, providers });
  expect(await read("/status")).toMatchObject({ using_gpu: onGpu });
  expect(await read("/benchmark")).toMatchObject({ using_gpu: onGpu });
  // Of the model that was loaded.
  const { by } = await findModel({} as Models, "realesrgan-x2");
  expect(new Set(asked)).toEqual(new Set([by]));
});

it("says that it is on nothing where the current model runs on nothing", async () => {
  await using folder = await makeTempFolder();
  const providerOf = () => Promise.reject(new UpreelError("model_unusable", "runs nowhere"));
  await using service = await serveFrames({ providerOf }, folder.path);
  const status = await fetch(`${service.url}/status`);
  expect(await status.json()).toMatchObject({ status: "running", using_gpu: false });
});

/** The service over these pictures. */
async function serveFrames(pictures: Partial<Pictures>, dataDir: string) {
  const parts = { models: {} as Models, pictures: pictures as Pictures };
  const machine = { features: async () => [], gpus: async () => ({ gpus: [], providers: [] }) };
  const service = createFrameService({ ...parts, dataDir });
  const deps = { ...parts, machine } as never;
  const routes = express()
    .use(aboutRoutes(deps, service), frameRoutes(service), loadRoutes(deps, service))
    .use(detailErrors(makeRecordingLog(), { door: "AI service" }));
  return listen(routes, { host: "127.0.0.1", port: 0 });
}
