import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { planFile } from "./test-run.ts";
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
