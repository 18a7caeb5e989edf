import { createReadStream } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { startDecoder } from "./start-decoder.ts";
import { decodeFrames, planFile, TOOLS, type TestPlan } from "../testing/test-run.ts";

const OPTIONS = { ffmpeg: TOOLS.ffmpeg, name: "decoder" };

/** A film of 24 s whose key frames are `frames` apart, in a container without an index. */
async function longGops(folder: string, frames: number): Promise<TestPlan> {
  const gop = ["-g", `${frames}`, "-keyint_min", `${frames}`, "-sc_threshold", "0"];
  const options = { width: 96, height: 64, rate: 25, seconds: 24, audio: false } as const;
  return planFile(await makeClip(join(folder, "film.ts"), { ...options, extraArgs: gop }));
}

async function decode(plan: TestPlan, folder: string, firstFrame: number) {
  const target = join(folder, "frames");
  await makeFifo(target);
  const wanted = { firstFrame, frames: 10, pixelFormat: "yuv420p", target } as const;
  const decoder = await startDecoder({ ...plan, ...wanted }, OPTIONS);
  const bytes = await buffer(createReadStream(target));
  return { bytes, exit: await decoder.exited };
}

test.each([
  ["the next key frame is after the wanted frame", 390],
  ["there is no further key frame", 10_000],
])("where %s, decoding begins again further ahead", async (_, gop) => {
  await using folder = await makeTempFolder();
  const plan = await longGops(folder.path, gop);
  const { bytes, exit } = await decode(plan, folder.path, 375);
  expect(exit.exitCode).toBe(0);
  const { frames } = await decodeFrames(plan, { firstFrame: 0, frames: 385 });
  expect(bytes.equals(Buffer.concat(frames.slice(375)))).toBe(true);
});

test("past the end of the source there are no frames, and an end", async () => {
  await using folder = await makeTempFolder();
  const plan = await longGops(folder.path, 50);
  const { bytes, exit } = await decode(plan, folder.path, 1000);
  expect({ length: bytes.length, exitCode: exit.exitCode }).toEqual({ length: 0, exitCode: 0 });
});

test("a killed decoder does not begin again", async () => {
  await using folder = await makeTempFolder();
  const plan = await longGops(folder.path, 390);
  const target = join(folder.path, "frames");
  await makeFifo(target);
  const wanted = { firstFrame: 375, frames: 10, pixelFormat: "yuv420p", target } as const;
  const decoder = await startDecoder({ ...plan, ...wanted }, OPTIONS);
  decoder.kill();
  expect((await decoder.exited).signal).toBe("SIGKILL");
});

/** Whether this process holds `path` open. */
async function isOpen(path: string): Promise<boolean> {
  const names = await readdir("/proc/self/fd");
  const targets = names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ""));
  return (await Promise.all(targets)).includes(path);
}

test("a decoder that cannot be started leaves its pipe to nobody", async () => {
  await using folder = await makeTempFolder();
  const plan = await longGops(folder.path, 390);
  const target = join(folder.path, "frames");
  await makeFifo(target);
  const wanted = { firstFrame: 375, frames: 10, pixelFormat: "yuv420p", target } as const;
  const missing = { ...OPTIONS, ffmpeg: join(folder.path, "no\0ffmpeg") };
  await expect(startDecoder({ ...plan, ...wanted }, missing)).rejects.toThrow();
  expect(await isOpen(target)).toBe(false);
});
