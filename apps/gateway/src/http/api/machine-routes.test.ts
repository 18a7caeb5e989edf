import {
  addressesAnswerSchema,
  benchmarkSchema,
  featureSchema,
  gpuReportSchema,
  hardwareSchema,
} from "@upreel/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp({ PROVIDERS: "dml,webgpu,cpu" });
});
afterEach(() => app[Symbol.asyncDispose]());

const get = async (path: string): Promise<unknown> => (await fetch(`${app.url}${path}`)).json();

it("tells what the machine is", async () => {
  const { cpu, memory, disk } = hardwareSchema.parse(await get("/hardware"));
  expect(cpu.cores).toBeGreaterThan(0);
  expect(memory.total_bytes).toBeGreaterThan(memory.free_bytes);
  expect(disk?.total_bytes ?? 1).toBeGreaterThan(0);
});

it("tells other devices nothing where only this machine is answered, else an address with its port", async () => {
  expect(await get("/addresses")).toEqual({ urls: [] });
  await using open = await startTestApp({ HOST: "127.0.0.2", API_TOKEN: "none" });
  const { urls } = addressesAnswerSchema.parse(await (await fetch(`${open.url}/addresses`)).json());
  expect(urls).toEqual([`http://127.0.0.2:${new URL(open.url).port}`]);
});

it("tells of each provider that is wanted what it lacks", async () => {
  const { providers } = gpuReportSchema.parse(await get("/gpus"));
  expect(providers.map(({ provider }) => provider)).toEqual(["dml", "webgpu", "cpu"]);
  const [dml, , cpu] = providers;
  if (process.platform !== "win32")
    expect(dml).toMatchObject({ state: "missing", message: expect.stringContaining("Windows") });
  expect(cpu).toMatchObject({ state: "unmeasured" });
});

it("tells what can be done here", async () => {
  const { features } = z.object({ features: z.array(featureSchema) }).parse(await get("/features"));
  expect(features.find(({ feature }) => feature === "gpu_encoder")).toMatchObject({
    ...{ is_available: false, message: expect.stringContaining("libx264") },
  });
});

it("measures all models when asked, and gives the table", async () => {
  expect(benchmarkSchema.parse(await get("/benchmark"))).toMatchObject({ state: "idle", rows: [] });
  const begun = await fetch(`${app.url}/benchmark`, { method: "POST" });
  expect(begun.status).toBe(202);
  const table = async () => benchmarkSchema.parse(await get("/benchmark"));
  await expect.poll(async () => (await table()).rows.length).toBe(2);
  const { state, done, rows } = await table();
  expect([state, done]).toEqual(["idle", 1]);
  expect(rows[0]?.frames_per_second).toBeNull();
  expect(rows[1]?.frames_per_second).toMatchObject({ "640x360": 40, "1280x720": 10 });
  const { providers } = gpuReportSchema.parse(await get("/gpus"));
  expect(providers.at(-1)).toMatchObject({ provider: "cpu", state: "works" });
});
