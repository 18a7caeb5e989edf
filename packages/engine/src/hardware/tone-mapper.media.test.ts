import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRecordingLog, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { GpuFacts } from "./gpu-facts.ts";
import { createToneMapper, type ToneMapperParts } from "./tone-mapper.ts";

const GPU = { device: "/dev/dri/renderD128", vendor: "AMD", isOpen: true };
const DEVICE = { index: 1, name: "AMD Radeon", kind: "discrete" };
const REASON = { code: "decoder_failed", message: "gone" } as const;

describe("where HDR becomes SDR", () => {
  let folder: TempFolder;
  let tried: number;
  let log: ReturnType<typeof makeRecordingLog>;
  const closing = new AbortController();
  const notBusy = () => ({ signal: closing.signal, [Symbol.dispose]: () => undefined });
  beforeEach(async () => {
    folder = await makeTempFolder();
    await writeFile(join(folder.path, "driver.json"), "{}");
    [tried, log] = [0, makeRecordingLog()];
    return () => folder[Symbol.asyncDispose]();
  });
  afterAll(() => closing.abort());

  const open = async (change: Partial<ToneMapperParts> = {}, found: Partial<GpuFacts> = {}) => {
    const facts: GpuFacts = {
      ...{ platform: "linux", gpus: [GPU], vulkanDrivers: [join(folder.path, "driver.json")] },
      ...{ hasVulkanLoader: true, hasLibcuda: false, nvidiaDriver: undefined, runtimeFiles: [] },
      ...{ isContainer: false, ...found },
    };
    const mapper = createToneMapper({
      settings: { ffmpeg: "ffmpeg", ffprobe: "ffprobe", modelsDir: folder.path },
      ...{ log, signal: closing.signal, untilQuiet: () => Promise.resolve(), untilBusy: notBusy },
      facts: () => Promise.resolve(facts),
      choose: () => {
        tried += 1;
        return Promise.resolve({ device: DEVICE, why: "it is faster" });
      },
      ...change,
    });
    await mapper.chosen;
    return mapper;
  };

  it("is found out once for each driver, and kept", async () => {
    expect((await open()).device()).toBe(1);
    expect((await open()).device()).toBe(1);
    expect(tried).toBe(1);
    expect(log.entries.map(({ message }) => message)).toContain(
      "HDR is converted to SDR on the GPU: it is faster",
    );
    await writeFile(join(folder.path, "driver.json"), "{ }");
    await open();
    expect(tried).toBe(2);
  });

  it("is the processor where there is no GPU to be used, which costs no trial", async () => {
    const closed = { ...GPU, isOpen: false };
    for (const found of [{ gpus: [] }, { gpus: [closed] }, { vulkanDrivers: [] }])
      expect((await open({}, found)).device()).toBeUndefined();
    expect(tried).toBe(0);
  });

  it("is the processor from the first run on that fails, and where the trial does", async () => {
    const mapper = await open();
    mapper.giveUp(REASON);
    mapper.giveUp(REASON);
    expect(mapper.device()).toBeUndefined();
    const warnings = () => log.entries.filter(({ level }) => level === "warn");
    expect(warnings()).toHaveLength(1);
    const choose = () => Promise.reject(new Error("no ffmpeg"));
    const broken = await open({ choose }, { nvidiaDriver: "550" });
    expect(broken.device()).toBeUndefined();
    expect(warnings()).toHaveLength(2);
  });

  it("is tried again when the film is made that came between", async () => {
    const film = new AbortController();
    let quiet = 0;
    const mapper = await open({
      untilQuiet: () => {
        quiet += 1;
        return Promise.resolve();
      },
      untilBusy: () =>
        quiet === 1 ? { signal: film.signal, [Symbol.dispose]: () => undefined } : notBusy(),
      choose: async (_, signal) => {
        tried += 1;
        if (tried === 1) film.abort();
        signal.throwIfAborted();
        return { device: DEVICE, why: "it is faster" };
      },
    });
    expect([tried, mapper.device()]).toEqual([2, 1]);
  });
});
