import { PLAIN_SCALER, type PictureWish } from "@upreel/core";
import { openPictureNetwork } from "@upreel/upscaler";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { expect, it } from "vitest";
import { upscalePicture, type PictureNetworks } from "./upscale-picture.ts";

const never = new AbortController().signal;
const plain = () => openPictureNetwork({ model: PLAIN_SCALER, provider: "ffmpeg" }, 1);
const wish = (
  size: PictureWish["size"] = { scale: 2 },
  output: Partial<Extract<PictureWish["output"], { kind: "file" }>> = {},
): PictureWish => ({
  ...{ input: { kind: "file" }, size, mostPixels: 1_000_000 },
  output: { kind: "file", format: "same", quality: 95, ...output },
});
const networks = async (): Promise<PictureNetworks> => ({
  network: await plain(),
  faces: () => Promise.reject(new Error("no faces here")),
});
const upscale = async (bytes: Uint8Array, wished = wish()) =>
  upscalePicture(await networks(), wished, bytes, never);

/** Left half red, right half blue. */
function halves(width: number, height: number) {
  const bytes = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) bytes[3 * i + (i % width < width / 2 ? 0 : 2)] = 220;
  return sharp(bytes, { raw: { width, height, channels: 3 } });
}
const pixel = async (bytes: Uint8Array, left: number, top: number) => [
  ...(await sharp(bytes)
    .extract({ left, top, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer()),
];

it.each([
  [{ scale: 2 }, 42, 26],
  [{ scale: 1 }, 21, 13],
  [{ scale: 1.7 }, 36, 22],
  [{ scale: 8 }, 168, 104],
  [{ width: 50, height: 31 }, 50, 31],
  [{ width: 5, height: 90 }, 5, 90],
] as const)("comes out exactly as large as was asked for: %o", async (size, width, height) => {
  const made = await upscale(await halves(21, 13).png().toBuffer(), wish(size));
  expect(made).toMatchObject({ width, height, format: "png" });
  expect(await sharp(made.bytes).metadata()).toMatchObject({ width, height, format: "png" });
});

it("turns a photo upright as its EXIF says, and no viewer turns it twice", async () => {
  // Turned by 90° to the right when shown: red, on the left in the file, is at the top.
  const file = await halves(40, 20)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toBuffer();
  const made = await upscale(file);
  expect(made).toMatchObject({ width: 40, height: 80, format: "jpeg" });
  const { orientation } = await sharp(made.bytes).metadata();
  expect(orientation ?? 1).toBe(1);
  expect((await pixel(made.bytes, 20, 10))[0]).toBeGreaterThan(180);
  expect((await pixel(made.bytes, 20, 70))[2]).toBeGreaterThan(180);
});

it.each(["jpeg", "png", "webp"] as const)(
  "keeps the colour profile of a picture, and its numbers (%s)",
  async (format) => {
    const file = await halves(32, 16).withIccProfile("p3").png().toBuffer();
    const { icc } = await sharp(file).metadata();
    const made = await upscale(file, wish({ scale: 2 }, { format, quality: 100 }));
    const after = await sharp(made.bytes).metadata();
    expect(after.format).toBe(format);
    expect(icc).toBeDefined();
    expect(after.icc).toEqual(icc);
    const read = (bytes: Uint8Array, left: number) =>
      sharp(bytes).keepIccProfile().extract({ left, top: 8, width: 1, height: 1 }).raw().toBuffer();
    const [before, now] = [await read(file, 4), await read(made.bytes, 8)];
    for (const [i, value] of before.entries())
      expect(Math.abs(value - (now[i] ?? -99))).toBeLessThanOrEqual(4);
  },
);

it.each([
  ["grey", 1],
  ["grey with alpha", 2],
  ["colours with alpha", 4],
] as const)("keeps the channels of a picture: %s", async (_name, channels) => {
  const bytes = Buffer.alloc(16 * 16 * channels, 128);
  const raw = { width: 16, height: 16, channels };
  const file = await sharp(bytes, { raw })
    .toColourspace(channels <= 2 ? "b-w" : "srgb")
    .png()
    .toBuffer();
  const made = await upscale(file);
  expect((await sharp(made.bytes).metadata()).channels).toBe(channels);
});

it("takes CMYK, 16 bits a channel, the first picture of an animation, and each kind of file", async () => {
  const cmyk = await halves(20, 20).toColourspace("cmyk").jpeg().toBuffer();
  const deep = await halves(20, 20).toColourspace("rgb16").png().toBuffer();
  const gif = await halves(20, 20).gif().toBuffer();
  for (const [file, format] of [
    [cmyk, "jpeg"],
    [deep, "png"],
    [gif, "png"],
    [await halves(20, 20).tiff().toBuffer(), "png"],
    [await halves(20, 20).webp().toBuffer(), "webp"],
  ] as const) {
    const made = await upscale(file);
    expect(made).toMatchObject({ width: 40, height: 40, format });
    expect((await pixel(made.bytes, 4, 20))[0]).toBeGreaterThan(150);
  }
});

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
/** A header that promises 65,000 × 65,000 pixels, with no more behind it than that takes. */
async function bomb(): Promise<Buffer> {
  const file = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  file.writeUInt32BE(65_000, 16);
  file.writeUInt32BE(65_000, 20);
  file.writeInt32BE(crc32(file.subarray(12, 29)) | 0, 29);
  return file;
}

it.each([
  ["nothing", async () => Buffer.alloc(0)],
  ["rubbish", async () => Buffer.from("no picture at all, but long enough to be one".repeat(50))],
  ["the beginning of one", async () => (await halves(400, 300).jpeg().toBuffer()).subarray(0, 900)],
  ["an SVG, which could read other files", async () => Buffer.from(svg)],
  ["a bomb", bomb],
])("refuses %s in one sentence", async (_name, make) => {
  await expect(upscale(await make())).rejects.toMatchObject({ code: "picture_unusable" });
});

it("refuses what would be too large before it is made", async () => {
  const file = await halves(300, 300).png().toBuffer();
  await expect(upscale(file, wish({ scale: 4 }))).rejects.toMatchObject({
    code: "picture_unusable",
    got: "1200x1200",
  });
});

it.each(["rgb24", "bgr24", "rgba", "gray"] as const)(
  "takes and gives raw frames of %s",
  async (format) => {
    const channels = format === "rgba" ? 4 : format === "gray" ? 1 : 3;
    const bytes = Buffer.alloc(10 * 6 * channels);
    for (let i = 0; i < bytes.length; i++) bytes[i] = 40 * (i % channels) + 90;
    const wished: PictureWish = {
      input: { kind: "raw", width: 10, height: 6, format },
      ...{ size: { scale: 2 }, output: { kind: "raw" }, mostPixels: 10_000 },
    };
    const made = await upscalePicture(await networks(), wished, bytes, never);
    expect(made).toMatchObject({ width: 20, height: 12, format });
    expect([...made.bytes.subarray(0, channels)]).toEqual(
      [90, 130, 170, 210].slice(0, channels).map((value) => expect.closeTo(value, -0.5)),
    );
    await expect(
      upscalePicture(await networks(), wished, bytes.subarray(1), never),
    ).rejects.toMatchObject({ code: "picture_unusable" });
  },
);

it("faces are not restored for somebody who is gone", async () => {
  const gone = new AbortController();
  const { network } = await networks();
  const asked: AbortSignal[] = [];
  const faces: PictureNetworks["faces"] = (_, __, signal) => {
    asked.push(signal);
    return Promise.resolve(0);
  };
  const file = { id: "none", file: "/none.onnx", hash: "0" };
  const work = { strength: 1, provider: "cpu", detector: file, restorer: file };
  const bytes = await halves(8, 8).png().toBuffer();
  await upscalePicture({ network, faces }, { ...wish(), faces: work }, bytes, gone.signal);
  expect(asked).toEqual([gone.signal]);
});
