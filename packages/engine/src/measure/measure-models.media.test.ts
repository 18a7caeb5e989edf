import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROVIDERS, type Measurement, type ModelSpec, type Provider } from "@upreel/core";
import { makeClip, makeRecordingLog, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readGpuFacts } from "../hardware/gpu-facts.ts";
import { makeOrder } from "../testing/make-order.ts";
import { startWorkerProcess, measureInProcess } from "@upreel/workers";
import { measureModels } from "./measure-models.ts";
import { rungOn } from "./rung-on.ts";
import { tinyModel } from "../../../upscaler/src/graph/testing/tiny-models.ts";
import { enlargeNearest } from "../../../upscaler/src/import/testing/nearest-model.ts";
import { prepareModel } from "../../../upscaler/src/import/prepare-model.ts";

/**
 * Against a real GPU: `UPREEL_TEST_PROVIDERS=cuda,webgpu npx vitest run --project media measure-models`.
 * Without, `webgpu` runs on SwiftShader, the software Vulkan that comes with Debian's Chromium.
 */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const named = process.env["UPREEL_TEST_PROVIDERS"];
const isSoftware = named === undefined;
const GPU_PROVIDERS = PROVIDERS.filter((each) => (named ?? "webgpu").split(",").includes(each));

const MODELS = fileURLToPath(new URL("../../../upscaler/models", import.meta.url));
const builtIn = (id: string): ModelSpec => ({
  ...{ id, file: join(MODELS, `${id}.onnx`), hash: id },
  ...{ kind: "luma", pixelFormat: "yuv444p", scale: 2 },
});
const FP32 = builtIn("upreel-x2-live16x0-fp32");
const INT8 = builtIn("upreel-x2-live16x0-int8");
const TILE_BYTES = 2 ** 30;
const never = new AbortController().signal;

let folder: TempFolder;
let files = 0;
beforeAll(async () => {
  folder = await makeTempFolder();
  if (!isSoftware) return;
  if (!existsSync(SWIFTSHADER)) throw new Error(`no ${SWIFTSHADER}: apt-get install chromium`);
  vi.stubEnv("VK_ICD_FILENAMES", SWIFTSHADER);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

async function measure(
  networks: readonly ModelSpec[],
  providers: readonly Provider[],
  rest: { file?: string; script?: string; icd?: string; isByMeasuring?: boolean } = {},
) {
  const log = makeRecordingLog();
  const measured = await measureModels(
    networks,
    {
      ...{ providers, tileBytes: TILE_BYTES, log, isByMeasuring: rest.isByMeasuring ?? false },
      file: rest.file ?? join(folder.path, `measured-${++files}.json`),
      gpus: await readGpuFacts([rest.icd ?? SWIFTSHADER]),
      measure: (tasks, signal) => measureInProcess(tasks, signal, rest.script),
    },
    never,
  );
  const of = (model: ModelSpec, provider: Provider): Measurement | undefined =>
    measured.find((each) => each.model === model.id && each.provider === provider)?.measurement;
  return { of, measured, log };
}

describe.each(GPU_PROVIDERS)("the provider %s", (provider) => {
  it("is used only for networks whose convolutions it really runs, like the CPU does", async () => {
    const { of } = await measure([INT8, FP32], ["cpu", provider]);
    expect(of(FP32, provider)).toMatchObject({ outcome: "proven" });
    const proof = of(FP32, provider);
    if (proof?.outcome !== "proven") throw new Error("not proven");
    expect(proof.likenessDb).toBeGreaterThan(45);
    expect(Object.keys(proof.nodes).some((name) => name !== "CPUExecutionProvider")).toBe(true);
    // ONNX Runtime takes it, and runs it on the CPU without a word.
    if (provider === "webgpu") {
      expect(of(INT8, provider)).toMatchObject({
        outcome: "refused",
        reason: { got: expect.stringMatching(/convolutions on CPUExecutionProvider/) },
      });
    }
    const twin = of(INT8, "cpu");
    expect(twin?.outcome === "proven" && twin.likenessDb).toBeGreaterThan(45);
  });

  it("makes a film in several threads, like the CPU does", async () => {
    const film = await makeClip(join(folder.path, "film.mp4"), {
      ...{ width: 32, height: 18, rate: 6, seconds: 1 },
    });
    const segments: Buffer[] = [];
    for (const on of ["cpu", provider] as const) {
      const order = await makeOrder(
        film,
        join(folder.path, `run-${on}`),
        rungOn(FP32, on, TILE_BYTES),
      );
      const worker = await startWorkerProcess({ threads: 2, ffmpeg: "ffmpeg" }, makeRecordingLog());
      try {
        const run = await worker.start(order, () => {});
        expect(await run.ended).toMatchObject({ why: "finished" });
      } finally {
        worker.kill();
        await worker.exited;
      }
      const [first = ""] = (await readdir(order.folder)).filter((name) => name.endsWith(".ts"));
      segments.push(await readFile(join(order.folder, first)));
    }
    // SwiftShader computes the very bits of the CPU; real GPUs are a level off here and there.
    if (isSoftware)
      expect(Buffer.compare(segments[0] ?? Buffer.of(0), segments[1] ?? Buffer.of(1))).toBe(0);
  });
});

it("a GPU that is not there is not tried, or told as refused, and the CPU measured all the same", async () => {
  const absent = join(folder.path, "no-such-driver.json");
  const none = await measure([FP32], ["webgpu", "cpu"], { icd: absent });
  expect(none.measured.map(({ provider }) => provider)).toEqual(["cpu"]);
  // A manifest whose driver does not load.
  await writeFile(
    absent,
    JSON.stringify({ file_format_version: "1.0.0", ICD: { library_path: "/none.so" } }),
  );
  const before = process.env["VK_ICD_FILENAMES"];
  vi.stubEnv("VK_ICD_FILENAMES", absent);
  const broken = await measure([FP32, INT8], ["webgpu", "cpu"], { icd: absent });
  // Also where there is a real one: what comes after in this process finds it.
  vi.stubEnv("VK_ICD_FILENAMES", before);
  expect(broken.of(FP32, "webgpu")).toMatchObject({ outcome: "refused" });
  expect(broken.of(INT8, "webgpu")).toBeUndefined();
  expect(broken.of(INT8, "cpu")).toMatchObject({ outcome: "proven" });
});

it("a GPU made of software is not tried with other networks where speed decides", async () => {
  const script = join(folder.path, "slow.ts");
  await writeFile(
    script,
    `for (const { rung: { model, provider } } of JSON.parse(process.argv[2])) {
       const megapixelsPerSecond = provider === "cpu" ? 10 : 0.5;
       const measurement = { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} };
       console.log(JSON.stringify({ model: model.id, provider, measurement }));
     }`,
  );
  const file = join(folder.path, "slow.json");
  for (const isByMeasuring of [true, true, false]) {
    const { of } = await measure([FP32, INT8], ["webgpu", "cpu"], { script, file, isByMeasuring });
    expect(of(FP32, "webgpu")?.outcome).toBe("proven");
    expect(of(INT8, "webgpu") === undefined).toBe(isByMeasuring);
  }
});

it("a driver that kills its process costs its own network alone, and leaves nothing behind", async () => {
  const script = join(folder.path, "crash.ts");
  const scratch = join(folder.path, "scratch");
  await writeFile(
    script,
    `import { mkdirSync, writeFileSync } from "node:fs";
     import { tmpdir } from "node:os";
     mkdirSync(tmpdir() + "/upreel-proof-1");
     writeFileSync(${JSON.stringify(scratch)}, tmpdir());
     for (const { rung: { model, provider } } of JSON.parse(process.argv[2])) {
       if (model.id.endsWith("int8")) process.abort();
       const measurement = { outcome: "proven", megapixelsPerSecond: 1, likenessDb: null, nodes: {} };
       console.log("a driver says hello");
       console.log(JSON.stringify({ model: model.id, provider, measurement }));
     }`,
  );
  const other = builtIn("upreel-x2-full16");
  const { of } = await measure([FP32, INT8, other], ["cpu"], { script });
  expect(of(INT8, "cpu")).toMatchObject({
    outcome: "refused",
    reason: { code: "worker_lost", got: expect.stringMatching(/SIG/) },
  });
  expect([of(FP32, "cpu")?.outcome, of(other, "cpu")?.outcome]).toEqual(["proven", "proven"]);
  await expect(readdir(await readFile(scratch, "utf8"))).rejects.toMatchObject({ code: "ENOENT" });
});

it("what was measured is kept until the network changes", async () => {
  const file = join(folder.path, "kept", "measured.json");
  await mkdir(join(folder.path, "kept"));
  const model = { ...FP32, id: "mine", file: join(folder.path, "kept", "mine.onnx") };
  await writeFile(model.file, await readFile(FP32.file));
  const first = await measure([model], ["cpu"], { file });
  expect(first.of(model, "cpu")).toMatchObject({ outcome: "proven", likenessDb: null });
  const script = join(folder.path, "none.ts");
  await writeFile(script, "process.exit(3)");
  expect((await measure([model], ["cpu"], { file, script })).of(model, "cpu")).toEqual(
    first.of(model, "cpu"),
  );
  await writeFile(model.file, await readFile(builtIn("upreel-x2-full16").file));
  expect((await measure([model], ["cpu"], { file, script })).of(model, "cpu")).toMatchObject({
    outcome: "refused",
    reason: { got: "exit code 3" },
  });
});

it("an int8 network that gives another picture than its fp32 twin is refused", async () => {
  // Plain enlarging as the twin stands for int8 kernels that saturate.
  const twin = { ...FP32, id: "net-fp32", file: join(folder.path, "net-fp32.onnx") };
  await writeFile(
    twin.file,
    (await prepareModel(tinyModel(enlargeNearest(1, 2)), { signal: never })).bytes,
  );
  const int8 = { ...INT8, id: "net-int8" };
  const { of } = await measure([int8, twin], ["cpu"]);
  expect(of(twin, "cpu")).toMatchObject({ outcome: "proven" });
  expect(of(int8, "cpu")).toMatchObject({
    outcome: "refused",
    reason: { message: expect.stringContaining("another picture") },
  });
});
