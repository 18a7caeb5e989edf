import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import type { PictureRequest, UpscaledPicture } from "@upreel/engine";
import { expect, it } from "vitest";
import { readStreamQuery } from "./picture-query.ts";
import { upscaleFrames } from "./upscale-frames.ts";

const wish = readStreamQuery({ width: "2", height: "1", pixel_format: "gray" });

/** Gives each frame back as it is, and counts. */
function fakePictures() {
  const asked: number[] = [];
  const frame = async ({ bytes }: PictureRequest): Promise<UpscaledPicture> => {
    asked.push(bytes[0] ?? -1);
    return { bytes, width: 2, height: 1, format: "gray", model: "fake" };
  };
  return { asked, frame };
}

/** Takes so many bytes and no more until somebody reads. */
const slowReader = (highWaterMark: number) =>
  Object.assign(new PassThrough({ highWaterMark }), {
    headersSent: true,
    setHeader: () => expect.fail("sent already"),
  });

it("reads no more frames than it can give away, and goes on when somebody reads", async () => {
  const pictures = fakePictures();
  let taken = 0;
  const request = Readable.from(
    (function* frames() {
      for (; taken < 1_000; taken++) yield Buffer.from([taken % 250, 0]);
    })(),
    { highWaterMark: 1 },
  );
  const response = slowReader(4);
  const done = upscaleFrames(pictures, wish, {
    ...{ request, response, signal: new AbortController().signal },
  });
  await expect.poll(() => pictures.asked.length).toBeGreaterThan(3);
  // All that can happen by itself has happened.
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(20);
  const bytes = Buffer.concat(await response.toArray());
  await done;
  expect(bytes).toHaveLength(2_000);
  expect(pictures.asked).toEqual(Array.from({ length: 1_000 }, (_, i) => i % 250));
});

it("answers a frame before the next one comes", async () => {
  const response = slowReader(64);
  const request = new PassThrough();
  const done = upscaleFrames(fakePictures(), wish, {
    ...{ request, response, signal: new AbortController().signal },
  });
  for (const n of [1, 2, 3]) {
    request.write(Buffer.from([n, n]));
    const [answer] = await once(response, "data");
    expect(answer).toEqual(Buffer.from([n, n]));
  }
  request.end();
  await done;
});

it("says that a frame cannot be made though the client waits for it", async () => {
  const request = new PassThrough();
  request.write(Buffer.from([1, 1]));
  const frame = async (): Promise<never> => {
    throw new Error("no such model");
  };
  await expect(
    upscaleFrames({ frame }, wish, {
      ...{ request, response: slowReader(64), signal: new AbortController().signal },
    }),
  ).rejects.toThrow("no such model");
});

it("ends when the client goes while it waits for it to read", async () => {
  const pictures = fakePictures();
  const gone = new AbortController();
  const response = slowReader(1);
  const request = Readable.from(Array.from({ length: 20 }, () => Buffer.from([1, 2])));
  const done = upscaleFrames(pictures, wish, { request, response, signal: gone.signal });
  await expect.poll(() => pictures.asked.length).toBeGreaterThan(2);
  gone.abort();
  await expect(done).rejects.toMatchObject({ name: "AbortError" });
});
