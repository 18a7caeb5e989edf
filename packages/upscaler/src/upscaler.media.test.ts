import { execFileSync } from "node:child_process";
import { constants, readdirSync } from "node:fs";
import { open, readFile, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLAIN_SCALER, type Rung } from "@upreel/core";
import { eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frameLayout } from "./frames/frame-layout.ts";
import type { FrameJob, RunningFrameJob } from "./frame-job.ts";
import { createUpscaler, type Upscaler } from "./upscaler.ts";

/** Any of the built-in networks of ×2. */
const MODELS = fileURLToPath(new URL("../models/", import.meta.url));
const ANY = readdirSync(MODELS).find((name) => /^upreel-x2-.*\.onnx$/.test(name));
const FILE = join(MODELS, ANY ?? "none");
const NETWORK: Rung = {
  model: { id: "net", file: FILE, hash: "", kind: "luma", pixelFormat: "yuv444p", scale: 2 },
  provider: "cpu",
};
/** Another one, of the same frames. */
const OTHER: Rung = {
  model: { ...NETWORK.model, id: "other", file: join(MODELS, "upreel-x2-live16x1-fp32.onnx") },
  provider: "cpu",
};
const COPY: Rung = { model: PLAIN_SCALER, provider: "ffmpeg" };
const SIZE = { width: 32, height: 18 };

/** Frames that all differ, but where `likeBefore` says so. */
function makeFrames(
  count: number,
  likeBefore: (n: number) => boolean = () => false,
  { width, height } = SIZE,
): Buffer[] {
  const frames: Buffer[] = [];
  for (let n = 0; n < count; n++) {
    const before = frames[n - 1];
    const frame = Buffer.alloc(3 * width * height);
    for (let i = 0; i < frame.length; i++) frame[i] = (i * (n + 3) + ((i * i) >> 3)) & 255;
    if (before !== undefined && likeBefore(n)) before.copy(frame, 0, 0, width * height);
    frames.push(frame);
  }
  return frames;
}

const outputBytes = ({ width, height } = SIZE): number => 6 * width * height;
const split = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: bytes.length / size }, (_, n) => bytes.subarray(n * size, (n + 1) * size));

describe("inference threads", () => {
  let folder: TempFolder;
  let three: Upscaler;
  let files = 0;
  beforeAll(async () => {
    folder = await makeTempFolder();
    three = createUpscaler({ threads: 3 });
  });
  afterAll(async () => {
    await three[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it("that are gone refuse at once: they would never answer", async () => {
    const gone = createUpscaler({ threads: 1 });
    await gone[Symbol.asyncDispose]();
    await expect(gone.load(NETWORK)).rejects.toMatchObject({ code: "inference_failed" });
  });

  type Rest = Partial<FrameJob>;
  /** From a file to a file, to the end. */
  async function runFiles(upscaler: Upscaler, frames: Buffer[], rest: Rest = {}) {
    const input = join(folder.path, `in-${++files}`);
    const output = join(folder.path, `out-${files}`);
    await writeFile(input, Buffer.concat(frames));
    await using from = await open(input);
    await using to = await open(output, "w");
    const job = upscaler.process({
      ...{ rung: NETWORK, ...SIZE, frames: frames.length, inputFd: from.fd, outputFd: to.fd },
      onInputEnded: () => Promise.resolve("stop"),
      ...rest,
    });
    const result = await job.done;
    return { result, saved: job.saved(), bytes: await readFile(output) };
  }

  interface Pipes extends AsyncDisposable {
    readonly job: RunningFrameJob;
    /** What a decoder would write. */
    readonly decoder: FileHandle;
    /** What an encoder would read. */
    readonly encoder: FileHandle;
  }
  /** Between two FIFOs, whose other ends the test holds. */
  async function runPipes(upscaler: Upscaler, rest: Rest): Promise<Pipes> {
    const names = [join(folder.path, `fifo-in-${++files}`), join(folder.path, `fifo-out-${files}`)];
    execFileSync("mkfifo", names);
    const ends = (path: string): Promise<[FileHandle, FileHandle]> =>
      Promise.all([open(path, constants.O_RDONLY), open(path, constants.O_WRONLY)]);
    const [input, decoder] = await ends(names[0] ?? "");
    const [encoder, output] = await ends(names[1] ?? "");
    const job = upscaler.process({
      ...{ rung: NETWORK, ...SIZE, frames: 1_000, inputFd: input.fd, outputFd: output.fd },
      onInputEnded: () => Promise.resolve("stop"),
      ...rest,
    });
    const stack = new AsyncDisposableStack();
    for (const handle of [input, output]) stack.defer(() => handle.close());
    stack.defer(() => job.done.then(undefined, () => undefined).then(() => {}));
    for (const handle of [decoder, encoder]) stack.defer(() => handle.close().catch(() => {}));
    stack.defer(() => job.stop());
    return { job, decoder, encoder, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }
  async function readBytes(handle: FileHandle, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    for (let got = 0; got < length;) {
      const { bytesRead } = await handle.read(bytes, got, length - got);
      if (bytesRead === 0) return bytes.subarray(0, got);
      got += bytesRead;
    }
    return bytes;
  }

  it("give frames in order, bit-equal to those of a single thread", async () => {
    const frames = makeFrames(40);
    const parallel = await runFiles(three, frames);
    await using one = createUpscaler({ threads: 1 });
    const single = await runFiles(one, frames);
    expect(parallel.result).toEqual({ why: "all", frames: 40 });
    expect(parallel.bytes.length).toBe(40 * outputBytes());
    expect(parallel.bytes.equals(single.bytes)).toBe(true);
    // Colour planes go round the network.
    const plane = SIZE.width * SIZE.height;
    const last = split(parallel.bytes, outputBytes())[39];
    expect(last?.subarray(4 * plane)).toEqual(frames[39]?.subarray(plane));
  });

  it("infer equal pictures once, and give the same bytes for them", async () => {
    const frames = makeFrames(12, (n) => n % 4 !== 0);
    const { result, saved, bytes } = await runFiles(three, frames);
    expect(result.why).toBe("all");
    expect(saved).toBe(9);
    const plane = 4 * SIZE.width * SIZE.height;
    const luma = split(bytes, outputBytes()).map((frame) => frame.subarray(0, plane));
    expect(luma[3]).toEqual(luma[0]);
    expect(luma[4]?.equals(luma[3] ?? Buffer.alloc(0))).toBe(false);
    // The first of each four alone: what a frame gives does not depend on what was reused before.
    const alone = await runFiles(
      three,
      frames.filter((_, n) => n % 4 === 0),
    );
    const lumaAlone = split(alone.bytes, outputBytes()).map((frame) => frame.subarray(0, plane));
    expect(lumaAlone).toEqual([luma[0], luma[4], luma[8]]);
  });

  for (const size of [
    { width: 33, height: 17 },
    { width: 1, height: 1 },
    { width: 2, height: 31 },
  ]) {
    it(`take frames of ${size.width}×${size.height}`, async () => {
      const { bytes } = await runFiles(three, makeFrames(4, undefined, size), size);
      expect(bytes.length).toBe(4 * outputBytes(size));
    });
  }

  it("hand frames on as they are where no network is asked for", async () => {
    const { inputBytes } = frameLayout(PLAIN_SCALER, 33, 17);
    const frames = Array.from({ length: 20 }, (_, n) => Buffer.alloc(inputBytes, n));
    const { bytes } = await runFiles(three, frames, { rung: COPY, width: 33, height: 17 });
    expect(bytes.equals(Buffer.concat(frames))).toBe(true);
  });

  describe("at an early end of the input", () => {
    const frames = makeFrames(5);
    const asked: number[] = [];
    const ended = (verdict: "repeat" | "finish" | "stop") => ({
      frames: 8,
      onInputEnded: (frame: number) => {
        asked.push(frame);
        return Promise.resolve(verdict);
      },
    });
    it("repeat the last frame where told so", async () => {
      const { result, bytes } = await runFiles(three, frames, ended("repeat"));
      expect(result).toEqual({ why: "all", frames: 8 });
      const given = split(bytes, outputBytes());
      expect(given).toHaveLength(8);
      for (const frame of given.slice(5)) expect(frame).toEqual(given[4]);
    });
    it("finish with what there was where told so", async () => {
      const { result, bytes } = await runFiles(three, frames, ended("finish"));
      expect(result).toEqual({ why: "input-ended", frames: 5 });
      expect(bytes.length).toBe(5 * outputBytes());
    });
    it("ask once, with the number of the missing frame, and do not count half a frame", async () => {
      asked.length = 0;
      const half = [...frames, Buffer.alloc(100)];
      const { result } = await runFiles(three, half, ended("finish"));
      expect(result.frames).toBe(5);
      expect(asked).toEqual([5]);
    });
    it("leave when there is no frame at all", async () => {
      const { result } = await runFiles(three, [], ended("repeat"));
      expect(result.frames).toBe(0);
    });
    it("leave when nobody can say what it means", async () => {
      const { result } = await runFiles(three, frames, {
        frames: 8,
        onInputEnded: () => Promise.reject(new Error("no idea")),
      });
      expect(result.frames).toBeLessThanOrEqual(5);
    });
  });

  it("stop reading while paused, go on with no frame lost, and leave when stopped in a pause", async () => {
    const frames = makeFrames(6);
    await using pipes = await runPipes(three, { frames: 100 });
    const { job, decoder, encoder } = pipes;
    job.pause();
    await decoder.writeFile(Buffer.concat(frames));
    // While another upscaler makes them all.
    await using other = createUpscaler({ threads: 1 });
    const expected = await runFiles(other, frames);
    // One frame may be in the hands of a thread that looked before the pause.
    expect(job.frames()).toBeLessThanOrEqual(1);
    job.resume();
    const given = await readBytes(encoder, 6 * outputBytes());
    expect(given.equals(expected.bytes)).toBe(true);
    await eventually("six frames counted", () => job.frames() === 6);
    job.pause();
    job.stop();
    await decoder.close();
    expect(await job.done).toEqual({ why: "stopped", frames: 6 });
  });
  it("leave at once when stopped a hundred times at any moment", async () => {
    for (let n = 0; n < 100; n++) {
      await using pipes = await runPipes(three, { rung: COPY, frames: 1_000 });
      const { job, decoder } = pipes;
      if (n % 3 === 0) job.pause();
      const writing = decoder.writeFile(Buffer.alloc(864 * (n % 5))).catch(() => {});
      if (n % 2 === 0) await writing;
      job.stop();
      await decoder.close();
      expect(["stopped", "input-ended"]).toContain((await job.done).why);
    }
  });

  it("change the rung at the first frame of a segment, each frame as if its rung had made them all", async () => {
    const perSegment = 8;
    const frames = makeFrames(perSegment, (n) => n % 4 === 1);
    const ladder = { otherRungs: [NETWORK, OTHER, COPY], framesPerSegment: perSegment };
    const changes = [{ frame: 0, rung: NETWORK }];
    await using pipes = await runPipes(three, {
      ...ladder,
      frames: 1_000_000 * perSegment,
      onRung: (frame, rung) => changes.push({ frame, rung }),
    });
    const { job, decoder, encoder } = pipes;
    const given: Buffer[] = [];
    async function giveSegment(): Promise<void> {
      await decoder.writeFile(Buffer.concat(frames));
      given.push(await readBytes(encoder, perSegment * outputBytes()));
    }
    await giveSegment();
    for (const rung of [OTHER, COPY, NETWORK]) {
      const before = changes.length;
      job.setRung(rung, 0);
      // Threads load between frames, of which a busy machine makes many meanwhile.
      while (changes.length === before) await giveSegment();
      expect(changes.at(-1)?.rung).toEqual(rung);
      await giveSegment();
    }
    const rungOf = (segment: number): Rung | undefined =>
      changes.findLast(({ frame }) => frame <= segment * perSegment)?.rung;
    // From another upscaler: this one's threads are at work.
    await using one = createUpscaler({ threads: 1 });
    for (const rung of [NETWORK, OTHER, COPY]) {
      const { bytes } = await runFiles(one, frames, { ...ladder, rung });
      const mine = given.filter((_, segment) => rungOf(segment) === rung);
      expect(mine.length).toBeGreaterThan(0);
      for (const segment of mine) expect(segment.equals(bytes)).toBe(true);
    }
  });

  it("go on with the rung before when another one cannot be loaded, and take no unknown one", async () => {
    const broken = join(folder.path, "no-network.onnx");
    await writeFile(broken, "no network");
    const bad = { ...NETWORK, model: { ...NETWORK.model, id: "bad", file: broken } };
    const refused: string[] = [];
    await using pipes = await runPipes(three, {
      ...{ otherRungs: [bad], framesPerSegment: 2, frames: 1_000_000 },
      onRungRefused: ({ model }, { code }) => refused.push(`${model.id}: ${code}`),
    });
    const { job, decoder, encoder } = pipes;
    expect(() => job.setRung(OTHER, 0)).toThrow("other");
    job.setRung(bad, 0);
    while (refused.length === 0) {
      await decoder.writeFile(Buffer.concat(makeFrames(4)));
      await readBytes(encoder, 4 * outputBytes());
    }
    expect(refused).toEqual(["bad: model_unusable"]);
  });

  it("enlarge what changed plainly, too, with the bits of the whole picture", async () => {
    for (const scale of [2, 1.5, 3, 4]) {
      const size = { width: 101, height: 66 };
      const frame = { ...NETWORK, model: { ...NETWORK.model, id: "frames", scale } };
      const first = makeFrames(1, undefined, size)[0] ?? Buffer.alloc(0);
      const frames = Array.from({ length: 6 }, (_, n) => {
        const next = Buffer.from(first);
        for (let y = 20; y < 24; y++) next.fill(40 * n, y * 101 + 50, y * 101 + 54);
        return next;
      });
      const inputBytes = frameLayout(frame.model, size.width, size.height).inputBytes;
      const rows = Buffer.alloc(inputBytes);
      const cut = frames.map((picture) => Buffer.concat([picture, rows]).subarray(0, inputBytes));
      const rest = { ...size, rung: COPY, otherRungs: [frame] };
      const parts = await runFiles(three, cut, rest);
      const whole = await runFiles(three, cut, { ...rest, inferAll: true });
      expect(parts.saved).toBeGreaterThan(1);
      expect(parts.bytes.equals(whole.bytes)).toBe(true);
    }
  });

  it("say so when the encoder is dead, and can be used again", async () => {
    await using pipes = await runPipes(three, {});
    await pipes.encoder.close();
    // Blocking writes of a pipe that threads stop reading: only as much as it holds.
    await pipes.decoder.writeFile(Buffer.concat(makeFrames(4)));
    await pipes.decoder.close();
    await expect(pipes.job.done).rejects.toMatchObject({
      ...{ code: "encoder_failed", got: expect.stringContaining("EPIPE") as string },
    });
    expect((await runFiles(three, makeFrames(3))).result.why).toBe("all");
  });

  it("load a network while another job runs, and say when a file is none", async () => {
    await using upscaler = createUpscaler({ threads: 2 });
    const loads = upscaler.load(NETWORK);
    const ran = runFiles(upscaler, makeFrames(4));
    const again = upscaler.load(NETWORK);
    await Promise.all([loads, again]);
    expect((await ran).result).toEqual({ why: "all", frames: 4 });
    const broken = join(folder.path, "broken.onnx");
    await writeFile(broken, "no network");
    const rung = { ...NETWORK, model: { ...NETWORK.model, file: broken } };
    await expect(upscaler.load(rung)).rejects.toMatchObject({ code: "model_unusable" });
    await expect(runFiles(upscaler, makeFrames(2), { rung })).rejects.toMatchObject({
      code: "model_unusable",
    });
    expect((await runFiles(upscaler, makeFrames(2))).result.why).toBe("all");
  });

  it("do not grow in memory from job to job", async () => {
    const size = { width: 320, height: 180 };
    const frames = makeFrames(4, undefined, size);
    for (let n = 0; n < 3; n++) await runFiles(three, frames, size);
    const before = process.memoryUsage.rss();
    for (let n = 0; n < 8; n++) await runFiles(three, frames, size);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(60);
  });
});
