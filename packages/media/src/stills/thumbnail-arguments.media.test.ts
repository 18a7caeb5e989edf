import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { writeCube } from "../hdr/cube-file.ts";
import { decodeFrames, planFile } from "../testing/test-run.ts";
import { thumbnailArguments } from "./thumbnail-arguments.ts";

/** Grey grows with time: 40 at the start, 3 more each second; a key frame each second. */
const GREYS = ["-vf", "geq=lum='40+3*floor(T)':cb=128:cr=128", "-g", "10"];
const GRID = { stepSeconds: 10, columns: 2, rows: 2, width: 32, height: 18 };

/** The second of the film that each of the four places shows; undefined: black. */
async function secondsOf(jpeg: string): Promise<(number | undefined)[]> {
  const raw = `${jpeg}.raw`;
  // Not as gray, of which ffmpeg 7 takes the range for full; luma comes first in the file.
  const options = ["-vf", "scale=2:2:flags=area:out_range=tv,format=yuv444p", "-f", "rawvideo"];
  await runFfmpeg(["-i", jpeg, ...options, raw]);
  return [...(await readFile(raw)).subarray(0, 4)].map((grey) =>
    grey < 30 ? undefined : Math.round((grey - 40) / 3),
  );
}

test("sheets show the key frames of their times, and the last one ends black", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  const size = { width: 64, height: 36, rate: 10, seconds: 55 };
  const plan = await planFile(await makeClip(path, { ...size, audio: false, extraArgs: GREYS }));
  for (const fromKeyFrames of [true, false]) {
    const sheet = async (fromSeconds: number) => {
      const target = join(folder.path, `${fromSeconds}-${fromKeyFrames}.jpg`);
      const { source, timeline } = plan;
      await runFfmpeg(
        thumbnailArguments({ source, timeline, ...GRID, fromSeconds, fromKeyFrames, target }),
      );
      return secondsOf(target);
    };
    expect(await sheet(0)).toEqual([0, 10, 20, 30]);
    expect(await sheet(40)).toEqual([40, 50, undefined, undefined]);
  }
});

test.each([
  ["SDR", "bt709", "bt709", "bt709"],
  ["HDR", "bt2020nc", "bt2020", "arib-std-b67"],
])("colours of %s are those that a JPEG means", async (_name, matrix, primaries, transfer) => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  const colour = "nullsrc=s=64x36:r=5:d=1,format=yuv444p,geq=lum=90:cb=110:cr=160,format=yuv420p";
  const tags = `range=tv:colorspace=${matrix}:color_primaries=${primaries}:color_trc=${transfer}`;
  await runFfmpeg(["-f", "lavfi", "-i", `${colour},setparams=${tags}`, "-c:v", "ffv1", path]);
  const plan = await planFile(path);
  const target = join(folder.path, "sheet.jpg");
  if (plan.source.video.hdr !== undefined) await writeCube(plan.source.video.hdr);
  const where = { fromSeconds: 0, fromKeyFrames: false, target };
  await runFfmpeg(thumbnailArguments({ ...plan, ...GRID, ...where }));
  const rgb = await firstPixel(target);
  const { frames } = await decodeFrames(plan, { firstFrame: 0, frames: 1, pixelFormat: "gbrp" });
  const at = (plane: number): number => frames[0]?.[plane * 64 * 36 + 64 * 18 + 32] ?? 0;
  for (const [i, plane] of [2, 0, 1].entries())
    expect(Math.abs((rgb[i] ?? 0) - at(plane))).toBeLessThanOrEqual(3);
});

/** As every viewer of JPEGs decodes it. */
async function firstPixel(jpeg: string): Promise<readonly number[]> {
  const raw = `${jpeg}.rgb`;
  await runFfmpeg([
    "-i",
    jpeg,
    "-vf",
    "crop=8:8:8:4,scale=1:1,format=rgb24",
    "-f",
    "rawvideo",
    raw,
  ]);
  return [...(await readFile(raw))];
}

test("behind a change of colours they are those of the pictures there", async () => {
  await using folder = await makeTempFolder();
  const piece = async (range: string, luma: number) => {
    const path = join(folder.path, `${range}.ts`);
    const grey = `nullsrc=s=64x36:r=10:d=2,format=yuv420p,geq=lum=${luma}:cb=128:cr=128`;
    const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-color_range", range];
    await runFfmpeg(["-f", "lavfi", "-i", `${grey},setparams=range=${range}`, ...x264, path]);
    return readFile(path);
  };
  const path = join(folder.path, "film.ts");
  // The same grey, which is 214 of 255.
  await writeFile(path, Buffer.concat([await piece("tv", 200), await piece("pc", 214)]));
  const plan = await planFile(path);
  expect(plan.timeline.colours).toHaveLength(1);
  const target = join(folder.path, "sheet.jpg");
  const grid = { ...GRID, stepSeconds: 1, fromSeconds: 0, fromKeyFrames: true, target };
  await runFfmpeg(thumbnailArguments({ ...plan, ...grid }));
  const raw = join(folder.path, "sheet.raw");
  await runFfmpeg([
    "-i",
    target,
    "-vf",
    "scale=2:2:flags=area,format=rgb24",
    "-f",
    "rawvideo",
    raw,
  ]);
  const levels = [...(await readFile(raw))];
  expect(levels).toHaveLength(12);
  for (const level of levels) expect(Math.abs(level - 214)).toBeLessThanOrEqual(3);
});
