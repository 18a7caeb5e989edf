import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { glanceAtFilm } from "../probing/glance-at-film.ts";
import { judgePicture, makePoster, type Shown } from "./make-poster.ts";

const { signal: SIGNAL } = new AbortController();

async function judgeFile(poster: string): Promise<Shown> {
  await using folder = await makeTempFolder();
  const grey = join(folder.path, "grey");
  await runFfmpeg(["-i", poster, "-vf", "scale=32:18,format=gray", "-f", "rawvideo", grey]);
  return judgePicture(await readFile(grey));
}

test("a poster is no black picture where the film has another, and its header is read in a glance", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "100% dark at first.mp4");
  const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "24"];
  // Black for the first two places that are looked at.
  await runFfmpeg([
    ...["-f", "lavfi", "-i", "color=black:s=128x72:r=24:d=8"],
    ...["-f", "lavfi", "-i", "testsrc2=s=128x72:r=24:d=12"],
    ...["-filter_complex", "[0][1]concat=n=2", ...x264, film],
  ]);
  const glance = await glanceAtFilm(film, { ffprobe: "ffprobe" }, SIGNAL);
  expect(glance).toMatchObject({ width: 128, height: 72, rate: { num: 24, den: 1 } });
  expect(glance?.durationSeconds).toBeCloseTo(20, 1);
  const poster = join(folder.path, "poster.jpg");
  const durationSeconds = glance?.durationSeconds ?? null;
  const made = await makePoster(
    { path: film, durationSeconds },
    poster,
    { ffmpeg: "ffmpeg" },
    SIGNAL,
  );
  expect(made).toBe(true);
  const { mean, deviation } = await judgeFile(poster);
  expect(mean).toBeGreaterThan(36);
  expect(deviation).toBeGreaterThan(16);
});

test("of a film that is dark and flat throughout the poster is the picture that shows most", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "night.mkv");
  const dark = (seconds: number): string[] => [
    ...["-f", "lavfi", "-i", `color=0x202020:s=128x72:r=24:d=${seconds}`],
  ];
  // The second place that is looked at: others are looked at after it.
  const faint = "[1]eq=contrast=0.1:brightness=-0.3[b];[0][b][2]concat=n=3";
  await runFfmpeg([
    ...[...dark(4), "-f", "lavfi", "-i", "testsrc2=s=128x72:r=24:d=5", ...dark(11)],
    ...["-filter_complex", faint, "-c:v", "libx264", "-preset", "ultrafast", "-g", "24", path],
  ]);
  const poster = join(folder.path, "poster.jpg");
  const film = { path, durationSeconds: 20 };
  expect(await makePoster(film, poster, { ffmpeg: "ffmpeg" }, SIGNAL)).toBe(true);
  const { deviation } = await judgeFile(poster);
  expect(deviation).toBeGreaterThan(2);
  expect(deviation).toBeLessThan(16);
  expect(await readdir(folder.path)).toEqual(["night.mkv", "poster.jpg"]);
});

test("what is no film has no poster", async () => {
  await using folder = await makeTempFolder();
  const sound = join(folder.path, "sound.mp4");
  await runFfmpeg(["-f", "lavfi", "-i", "sine=d=1", sound]);
  expect(await glanceAtFilm(sound, { ffprobe: "ffprobe" }, SIGNAL)).toBe(undefined);
  const target = join(folder.path, "poster.jpg");
  const film = { path: sound, durationSeconds: 1 };
  expect(await makePoster(film, target, { ffmpeg: "ffmpeg" }, SIGNAL)).toBe(false);
});
