import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modelEntrySchema, type ModelEntry } from "@upreel/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readField } from "../../testing/read-field.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

const listSchema = z.object({ models: z.array(modelEntrySchema) });

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app[Symbol.asyncDispose]());

const list = async (): Promise<ModelEntry[]> =>
  listSchema.parse(await (await fetch(`${app.url}/models`)).json()).models;

const upload = (bytes: string, name: string, field = "file"): Promise<Response> => {
  const form = new FormData();
  form.append("note", "comes first");
  form.append(field, new Blob([bytes]), name);
  return fetch(`${app.url}/models/import`, { method: "POST", body: form });
};
const importPath = (path: string): Promise<Response> =>
  fetch(`${app.url}/models/import`, { method: "POST", body: JSON.stringify({ path }) });

const modelsDir = (): string => join(app.dataDir, "models");
const leftIn = async (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

describe("GET /models", () => {
  it("lists what is built in", async () => {
    const models = await list();
    expect(models.find(({ id }) => id === "lanczos")).toMatchObject({
      state: "ready",
      origin: "built-in",
      kind: "scaler",
      scale: null,
    });
    expect(models.find(({ id }) => id === "upreel-x2-full16")).toMatchObject({
      kind: "luma",
      scale: 2,
    });
  });

  it("lists what is in the folder of models but cannot be used, with the reason", async () => {
    await mkdir(modelsDir(), { recursive: true });
    await writeFile(join(modelsDir(), "my film.onnx"), "x");
    await expect
      .poll(async () => (await list()).find(({ id }) => id === "my film"))
      .toMatchObject({
        ...{ state: "refused", origin: "imported", size_bytes: 1 },
        reason: { code: "model_unusable" },
      });
  });
});

describe("GET /models/:id", () => {
  it("tells of one model, also of a public one that is not here", async () => {
    const one = await fetch(`${app.url}/models/realesr-animevideov3`);
    expect(modelEntrySchema.parse(await one.json())).toMatchObject({
      ...{ state: "available", origin: "public", scale: 4, download: null },
      public: { licence: "BSD-3-Clause" },
    });
    const none = await fetch(`${app.url}/models/nobody`);
    expect([none.status, await none.json()]).toMatchObject([404, { code: "model_not_found" }]);
  });
  it("says what all of them take, and may take", async () => {
    const answer = await (await fetch(`${app.url}/models`)).json();
    expect(answer).toMatchObject({ space: { used_bytes: 0, quota_bytes: 4096 * 2 ** 20 } });
  });
});

it("what is no public model is not downloaded, and nothing is loaded without a worker", async () => {
  const call = (path: string): Promise<Response> =>
    fetch(`${app.url}/models/${path}`, { method: "POST" });
  expect((await call("nobody/download")).status).toBe(404);
  expect((await call("upreel-x2-full16/download")).status).toBe(200);
  expect((await call("upreel-x2-full16/load")).status).toBe(400);
  expect((await call("nobody/load")).status).toBe(400);
});

describe("POST /models/import", () => {
  it("refuses an upload that is no model, says what it is, and keeps nothing of it", async () => {
    const answer = await upload("PK\x03\x04 weights", "weights.onnx");
    expect(answer.status).toBe(422);
    const error = z.record(z.string(), z.string()).parse(await answer.json());
    expect(error).toMatchObject({
      code: "model_unusable",
      message: expect.stringContaining("weights"),
      got: expect.stringContaining("zip file"),
    });
    expect(await leftIn(join(modelsDir(), ".incoming"))).toEqual([]);
    expect((await list()).map(({ id }) => id)).not.toContain("weights");
  });

  it.each([
    ["another field", () => upload("x", "a.onnx", "model")],
    ["a form that is none", () => post("nothing", "multipart/form-data; boundary=x")],
    ["a form without boundary", () => post("nothing", "multipart/form-data")],
    ["a name without a letter", () => upload("x", "….onnx")],
    ["an empty body", () => post("", "application/json")],
  ])("refuses %s", async (_, call) => {
    const answer = await call();
    expect([answer.status, await readField(answer, "code")]).toEqual([400, "bad_request"]);
    expect(await leftIn(join(modelsDir(), ".incoming"))).toEqual([]);
  });

  it("takes paths inside MEDIA_ROOTS and MODELS_DIR only", async () => {
    const outside = await importPath("/etc/hostname");
    expect([outside.status, await readField(outside, "code")]).toEqual([
      403,
      "source_outside_roots",
    ]);
    const file = join(app.films, "model.onnx");
    await writeFile(file, "<!doctype html>");
    const inside = await importPath(file);
    expect([inside.status, await readField(inside, "got")]).toEqual([422, "a web page"]);
  });

  it("lets go of an upload whose sender leaves", async () => {
    const leaving = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        const head =
          '--x\r\nContent-Disposition: form-data; name="file"; filename="a.onnx"\r\n\r\n';
        controller.enqueue(new TextEncoder().encode(`${head}beginning`));
      },
    });
    const call = fetch(`${app.url}/models/import`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body,
      duplex: "half",
      signal: leaving.signal,
    } as RequestInit);
    call.catch(() => undefined);
    await expect.poll(() => leftIn(join(modelsDir(), ".incoming"))).toHaveLength(1);
    leaving.abort();
    await expect.poll(() => leftIn(join(modelsDir(), ".incoming"))).toEqual([]);
    expect(app.errors).toEqual([]);
  });
});

describe("DELETE /models/:id", () => {
  it.each([
    ["upreel-x2-full16", 400, "bad_request"],
    ["nothing", 400, "model_unknown"],
    ["..%2Fsecret", 400, "model_unknown"],
  ])("refuses %s", async (id, status, code) => {
    const answer = await fetch(`${app.url}/models/${id}`, { method: "DELETE" });
    expect([answer.status, await readField(answer, "code")]).toEqual([status, code]);
  });
});

function post(body: string, contentType: string): Promise<Response> {
  const headers = { "content-type": contentType };
  return fetch(`${app.url}/models/import`, { method: "POST", headers, body });
}
