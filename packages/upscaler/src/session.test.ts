import { fileURLToPath } from "node:url";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { enlarged, type ModelSpec, type Rung } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { testPicture } from "./graph/prove/test-picture.ts";
import { byteTensor, createSession, loadSession, type CreateSession } from "./session.ts";

const MODELS = fileURLToPath(new URL("../models/", import.meta.url));
const FP32 = readdirSync(MODELS).filter((name) => name.endsWith("-fp32.onnx"));
const builtIn = (name: string): ModelSpec => ({
  ...{ id: name, file: join(MODELS, name), hash: name, kind: "luma", pixelFormat: "yuv444p" },
  scale: Number(/^upreel-x([\d.]+)/.exec(name)?.[1]),
});
const FIRST = FP32.find((name) => name.startsWith("upreel-x2-")) ?? "none";
const SIZE = { width: 405, height: 311 };

async function run(rung: Rung, create: CreateSession = createSession): Promise<Uint8Array> {
  const session = await loadSession(rung, { create });
  const { data, dims } = testPicture(1, SIZE.height, SIZE.width);
  const { scale } = rung.model;
  const [height, width] = [enlarged(SIZE.height, scale), enlarged(SIZE.width, scale)];
  const result = new Uint8Array(height * width);
  await session.run(byteTensor(data, dims), byteTensor(result, [1, 1, height, width]));
  await session.release();
  return result;
}

it.each(FP32)("%s gives the same bits in tiles as in one piece", async (name) => {
  const model = { ...builtIn(name), halo: 12 };
  const whole = await run({ model, provider: "cpu" });
  const tiled = await run({ model, provider: "cpu", tilePixels: 150 * 150 });
  expect(Buffer.compare(tiled, whole)).toBe(0);
});

it("frees the copy that the runtime makes of a picture that already lies where it was wanted", async () => {
  const copies: unknown[] = [];
  await run({ model: builtIn(FIRST), provider: "cpu" }, async (file, options) => {
    const session = await createSession(file, options);
    return {
      ...session,
      async run(feeds, fetches) {
        const answer = await session.run(feeds, fetches);
        copies.push(answer.y);
        return answer;
      },
    };
  });
  expect(copies).toMatchObject([{ data: { byteLength: 0 } }]);
});

describe("a device without enough memory", () => {
  /** Has room for so many pixels at once. */
  const small =
    (pixels: number, runs: number[], message = "VK_ERROR: Out of memory"): CreateSession =>
    async (file, options) => {
      const session = await createSession(file, options);
      return {
        ...session,
        run(feeds, fetches) {
          const [, , height = 0, width = 0] = feeds.x.dims;
          runs.push(height * width);
          if (height * width > pixels) throw new Error(message);
          return session.run(feeds, fetches);
        },
      };
    };
  const rung: Rung = { model: { ...builtIn(FIRST), halo: 4 }, provider: "cpu" };

  it("gets smaller tiles until they fit, and keeps to them", async () => {
    const runs: number[] = [];
    const whole = await run(rung);
    const create = small(40_000, runs);
    expect(Buffer.compare(await run(rung, create), whole)).toBe(0);
    expect(runs[0]).toBe(SIZE.width * SIZE.height);
    expect(runs.at(-1)).toBeLessThanOrEqual(40_000);
  });
  it("ends with a hint where not even the smallest tile fits", async () => {
    await expect(run(rung, small(100, []))).rejects.toMatchObject({
      code: "out_of_memory",
      message: expect.stringContaining(rung.model.id),
      expected: expect.stringContaining("smaller model"),
    });
  });
  it("is no reason to hide other failures", async () => {
    const runs: number[] = [];
    await expect(run(rung, small(100, runs, "device lost"))).rejects.toThrow("device lost");
    expect(runs).toHaveLength(1);
  });
});

it("a network of fixed size runs in tiles, trimmed borders and all", async () => {
  const fixed = { width: 96, height: 80, trim: 3, trimEnd: 2 };
  const model: ModelSpec = { ...builtIn(FIRST), fixed, halo: 6 };
  /** Repeats each pixel that is left after the trim twice, and takes one size only. */
  const create: CreateSession = async (file, options) => ({
    ...(await createSession(file, options)),
    async run({ x }) {
      expect(x.dims).toEqual([1, 1, 80, 96]);
      const [height, width] = [2 * (80 - 5), 2 * (96 - 5)];
      const pixels = Uint8Array.from({ length: height * width }, (_, i) => {
        const [row, column] = [Math.floor(i / width), i % width];
        return Number(x.data[(3 + (row >> 1)) * 96 + 3 + (column >> 1)]);
      });
      return { y: byteTensor(pixels, [1, 1, height, width]) };
    },
  });
  const { data } = testPicture(1, SIZE.height, SIZE.width);
  const twice = Uint8Array.from({ length: 4 * data.length }, (_, i) => {
    const [row, column] = [Math.floor(i / (2 * SIZE.width)), i % (2 * SIZE.width)];
    return data[(row >> 1) * SIZE.width + (column >> 1)] ?? 0;
  });
  const tiled = await run({ model, provider: "cpu" }, create);
  expect(Buffer.compare(tiled, twice)).toBe(0);
});
