import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { decodePng, encodePng, pngLength } from "./png.ts";

const ffmpeg = (args: string, input?: Buffer): Buffer =>
  execFileSync("ffmpeg", ["-v", "error", ...args.split(" ")], { input: input ?? Buffer.alloc(0) });
const SOURCE = "-f lavfi -i testsrc2=s=61x35,format=gray";

it("reads what ffmpeg writes, with all its filters, and tells where a picture ends", async () => {
  const raw = ffmpeg(`${SOURCE} -frames:v 1 -f rawvideo -`);
  for (const filter of ["none", "sub", "up", "avg", "paeth", "mixed"]) {
    const png = ffmpeg(`${SOURCE} -frames:v 1 -c:v png -pred ${filter} -f image2pipe -`);
    expect(await decodePng(png)).toEqual({ width: 61, height: 35, pixels: raw });
    expect(pngLength(Buffer.concat([png, png]))).toBe(png.length);
    expect(pngLength(png.subarray(0, -1))).toBeUndefined();
  }
});

it("writes what ffmpeg reads", async () => {
  const pixels = Buffer.from(Array.from({ length: 61 * 35 }, (_, i) => (i * 7) & 255));
  const png = await encodePng({ width: 61, height: 35, pixels });
  expect(ffmpeg("-f image2pipe -c:v png -i - -f rawvideo -pix_fmt gray -", png)).toEqual(pixels);
});
