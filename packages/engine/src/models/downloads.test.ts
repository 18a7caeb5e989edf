import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createCatalogue, type PrepareFile, type PublicModel } from "@upreel/upscaler";
import { UpreelError, type ModelDownload } from "@upreel/core";
import { eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLocalJobs } from "../../../jobs/src/index.ts";
import { createModels } from "./models.ts";
import type { Models } from "./models-api.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const BYTES = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * i) % 251));
const sha256 = createHash("sha256").update(BYTES).digest("hex");

let folder: TempFolder;
let server: ReturnType<typeof createServer>;
let answer: Answer;
let ranges: (string | undefined)[];
let closing: AbortController;
let model: PublicModel;

/** What any good server does. */
const serve: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200).end(BYTES.subarray(from));
};
/** Cuts the connection when half of what is left has come to the disk. */
const cut: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = BYTES.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
  const half = Math.ceil(rest.length / 2);
  response.write(rest.subarray(0, half));
  const part = join(folder.path, ".incoming", "small.part");
  const hasCome = async (): Promise<boolean> => (await stat(part)).size >= from + half;
  void eventually("the half", () => hasCome().catch(() => false)).finally(() =>
    response.socket?.end(),
  );
};

beforeEach(async () => {
  folder = await makeTempFolder();
  ranges = [];
  answer = serve;
  closing = new AbortController();
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  model = {
    ...{ id: "small", name: "Small", good_at: "tests", content: "any", licence: "MIT" },
    ...{ credit: "nobody", scale: 2, weights: 36, url: `http://127.0.0.1:${port}/small.onnx` },
    ...{ sha256, size_bytes: BYTES.length },
  };
});
afterEach(async () => {
  closing.abort();
  server.closeAllConnections();
  server.close();
  await folder[Symbol.asyncDispose]();
});

/** In place of the process that tries models out: takes all but zip files. */
const prepare: PrepareFile = async (source, target) => {
  if ((await readFile(source)).subarray(0, 2).toString() === "PK")
    throw new UpreelError("model_unusable", "no model", { got: "a zip file" });
  await copyFile(source, target);
  const form = { kind: "planes", pixelFormat: "gbrp", scale: 2, parameters: 36 } as const;
  return { outcome: "prepared", model: form };
};

async function open(
  rest: { quotaBytes?: number; publicModels?: PublicModel[] } = {},
): Promise<Models> {
  const catalogue = createCatalogue({
    ...{ folder: folder.path, prepare, signal: closing.signal },
  });
  return createModels({
    ...{ catalogue, folder: folder.path, quotaBytes: 2 ** 30, measurements: () => [] },
    ...{
      join: (source, target) => copyFile(source, target),
      publicModels: [model],
      signal: closing.signal,
      jobs: createLocalJobs(),
      pauseMs: 1,
    },
    ...rest,
  });
}

async function download(models: Models): Promise<ModelDownload | null> {
  await models.download("small");
  return models.downloads.whenDone("small");
}
const leftovers = async (): Promise<string[]> =>
  (await readdir(join(folder.path, ".incoming"))).filter((name) => name.endsWith(".part"));

describe("a public model", () => {
  it("is offered, downloaded with its progress told, tried out and ready without a restart", async () => {
    const models = await open();
    expect(await models.get("small")).toMatchObject({
      ...{ state: "available", origin: "public", scale: 2, download: null },
      public: { licence: "MIT", good_at: "tests" },
    });
    const states: string[] = [];
    models.downloads.subscribe((_, { state }) => states.push(state));
    expect(await download(models)).toMatchObject({ state: "done", bytes: BYTES.length });
    expect([...new Set(states)]).toEqual(["downloading", "checking", "done"]);
    expect(await models.get("small")).toMatchObject({
      state: "ready",
      origin: "public",
      kind: "rgb",
    });
    expect(await readFile(join(folder.path, "small.onnx"))).toEqual(BYTES);
    expect(await leftovers()).toEqual([]);
    await models.download("small");
    expect(ranges).toHaveLength(1);
    await models.remove("small");
    expect(await models.get("small")).toMatchObject({ state: "available" });
  });

  it("goes on where the connection was cut", async () => {
    answer = (...call) => (ranges.length < 3 ? cut(...call) : serve(...call));
    expect(await download(await open())).toMatchObject({ state: "done" });
    const half = Math.ceil(BYTES.length / 2);
    expect(ranges.slice(0, 2)).toEqual([undefined, `bytes=${half}-`]);
  });

  it("goes on after a restart of the gateway, and starts over where the server cannot", async () => {
    const part = join(folder.path, ".incoming", "small.part");
    await mkdir(join(folder.path, ".incoming"));
    await writeFile(part, BYTES.subarray(0, 100));
    answer = (_, response) => void response.writeHead(200).end(BYTES);
    expect(await download(await open())).toMatchObject({ state: "done" });
    expect(ranges).toEqual(["bytes=100-"]);
  });

  it.each([
    [
      "404",
      (_, response) => void response.writeHead(404).end("no such\n file"),
      /404.*no such file/,
    ],
    ["no end", cut, /ended after|terminated|closed|aborted/],
    [
      "other bytes",
      (_, response) => void response.end(Buffer.alloc(BYTES.length)),
      /^[0-9a-f]{64}$/,
    ],
    ["too many bytes", (_, response) => void response.end(Buffer.alloc(2 * BYTES.length)), /more/],
    ["a part too much", (_, response) => void response.writeHead(416).end(), /416/],
  ] as [string, Answer, RegExp][])(
    "that is answered with %s fails with what the server said, and may be tried again",
    async (_, bad, got) => {
      answer = bad;
      const models = await open();
      const failed = await download(models);
      expect(failed).toMatchObject({
        state: "failed",
        reason: { code: "download_failed", got: expect.stringMatching(got) },
      });
      expect(await models.get("small")).toMatchObject({
        state: "available",
        reason: failed?.reason,
      });
      expect((await readdir(folder.path)).filter((name) => name.endsWith(".onnx"))).toEqual([]);
      answer = serve;
      expect(await download(models)).toMatchObject({ state: "done" });
    },
  );

  it("that is no model that can be used is refused like any other import", async () => {
    const bytes = Buffer.from("PK\x03\x04 weights");
    answer = (_, response) => void response.end(bytes);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const broken = { ...model, size_bytes: bytes.length, sha256: hash };
    expect(await download(await open({ publicModels: [broken] }))).toMatchObject({
      state: "failed",
      reason: { code: "model_unusable", got: expect.stringContaining("zip file") },
    });
  });

  it("is not begun where it would exceed the quota", async () => {
    await writeFile(join(folder.path, "mine.onnx"), Buffer.alloc(1_000));
    const models = await open({ quotaBytes: 2_500 });
    expect(await download(models)).toMatchObject({ reason: { code: "models_full" } });
    expect(ranges).toEqual([]);
    expect((await models.space()).usedBytes).toBe(1_000);
    await expect(models.importFile(join(folder.path, "mine.onnx"))).rejects.toThrow("no room");
  });
});
