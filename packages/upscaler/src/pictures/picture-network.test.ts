import { PLAIN_SCALER, type Rung } from "@upreel/core";
import { expect, it } from "vitest";
import { createCatalogue } from "../catalogue.ts";
import { openPictureNetwork } from "./picture-network.ts";
import type { Picture } from "./picture-planes.ts";

const never = new AbortController().signal;
const builtIn = async (id: string): Promise<Rung> => ({
  model: await createCatalogue().find(id),
  provider: "cpu",
});

function paint(
  width: number,
  height: number,
  channels: Picture["channels"],
  value: (x: number, y: number, channel: number) => number,
): Picture {
  const bytes = new Uint8Array(width * height * channels);
  for (let i = 0; i < bytes.length; i++) {
    const at = Math.floor(i / channels);
    bytes[i] = value(at % width, Math.floor(at / width), i % channels);
  }
  return { bytes, width, height, channels };
}
const waves = (x: number, y: number, channel: number): number =>
  Math.round(128 + 60 * Math.sin(x / (3 + channel)) + 60 * Math.cos(y / 5));

it.each([1, 2, 3, 4] as const)(
  "doubles pictures of %d channels and of any size, a single pixel too",
  async (channels) => {
    const network = await openPictureNetwork(await builtIn("upreel-x2-live16x0-fp32"), 1);
    for (const [width, height] of [
      [1, 1],
      [1, 7],
      [33, 2],
      [40, 30],
    ] as const) {
      const large = await network.enlarge(paint(width, height, channels, waves), never);
      expect(large).toMatchObject({ width: 2 * width, height: 2 * height, channels });
      expect(large.bytes).toHaveLength(4 * width * height * channels);
    }
    await network.release();
  },
);

it("keeps colours: red stays red", async () => {
  const network = await openPictureNetwork(await builtIn("upreel-x2-live16x1-fp32"), 1);
  const red = [200, 30, 40];
  const large = await network.enlarge(
    paint(48, 32, 3, (_x, _y, channel) => red[channel] ?? 0),
    never,
  );
  for (const [i, value] of large.bytes.entries())
    expect(Math.abs(value - (red[i % 3] ?? 0))).toBeLessThanOrEqual(2);
  await network.release();
});

it("gives the same picture in parts as in one: no seam shows", async () => {
  const network = await openPictureNetwork(await builtIn("upreel-x2-live16x1-fp32"), 1);
  // Wide enough that it is cut each 16 rows; the same columns by themselves are one part.
  const wide = 65_536 / 2;
  const whole = await network.enlarge(paint(wide, 90, 1, waves), never);
  const narrow = await network.enlarge(paint(128, 90, 1, waves), never);
  let worst = 0;
  // The right edge of the narrow one sees its own border.
  for (let y = 0; y < 180; y++)
    for (let x = 0; x < 2 * 96; x++) {
      const [a = 0, b = 0] = [whole.bytes[y * 2 * wide + x], narrow.bytes[y * 256 + x]];
      worst = Math.max(worst, Math.abs(a - b));
    }
  expect(worst).toBe(0);
  await network.release();
});

it("lets no colour of what is invisible reach into what is seen", async () => {
  const network = await openPictureNetwork(await builtIn("upreel-x2-live16x0-fp32"), 1);
  // Grey on the left; on the right a wild colour that alpha hides.
  const picture = paint(64, 32, 4, (x, _y, channel) =>
    channel === 3 ? (x < 32 ? 255 : 0) : x < 32 ? 120 : channel === 0 ? 255 : 0,
  );
  const { bytes, width } = await network.enlarge(picture, never);
  for (let x = 0; x < width; x++) {
    const [red = 0, green = 0, , alpha = 0] = bytes.subarray(4 * (32 * width + x));
    if (alpha < 32) continue;
    expect(Math.abs(red - green)).toBeLessThanOrEqual(6);
  }
  await network.release();
});

it("enlarges without a network, too", async () => {
  const network = await openPictureNetwork({ model: PLAIN_SCALER, provider: "ffmpeg" }, 1);
  const large = await network.enlarge(
    paint(9, 5, 3, () => 77),
    never,
  );
  expect(new Set(large.bytes)).toEqual(new Set([77]));
});

it("stops between two parts when nobody wants it any more", async () => {
  const network = await openPictureNetwork({ model: PLAIN_SCALER, provider: "ffmpeg" }, 1);
  const stop = AbortSignal.abort(new Error("nobody waits"));
  await expect(network.enlarge(paint(4, 4, 1, waves), stop)).rejects.toThrow("nobody waits");
});
