import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeClip, runFfmpeg } from "@upreel/testkit";

const run = promisify(execFile);

/** Bits of the counter; 2^14 frames are more than ten minutes. */
const BITS = 14;

/** Of a film, or of each recording in it. */
interface FilmSize {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
}

/**
 * A film whose frames carry their number in black and white blocks along the top, the lowest bit first:
 * what is seen can be told apart frame by frame, whatever scaled or coded it.
 */
export function makeStampedFilm(
  path: string,
  size: FilmSize,
  { first = 0 }: { readonly first?: number } = {},
): Promise<string> {
  const { width, height } = size;
  const box = (i: number, colour: string, enable: string): string =>
    `drawbox=x=${Math.floor((i * width) / BITS)}:y=0:w=${Math.ceil(width / BITS)}:h=${height / 6}:color=${colour}:t=fill:enable='${enable}'`;
  const blocks = Array.from({ length: BITS }, (_, i) => [
    box(i, "black", "1"),
    box(i, "white", `mod(floor((n+${first})/${2 ** i})\\,2)`),
  ]).flat();
  return makeClip(path, {
    ...size,
    rate: 24,
    // B-frames put the first timestamp before the first picture, as in most films.
    extraArgs: ["-vf", blocks.join(","), "-g", "48", "-bf", "2"],
  });
}

/**
 * Films of recordings in one transport stream each, stamped on over their borders; the clock of each begins anew. By name,
 * with the seconds at which the clocks of their recordings begin. Pictures are coded once for all of them.
 */
export async function makeJoinedFilms(
  folder: string,
  size: FilmSize,
  films: ReadonlyMap<string, readonly number[]>,
): Promise<void> {
  const most = Math.max(...[...films.values()].map(({ length }) => length));
  const coded = await Promise.all(
    Array.from({ length: most }, (_, n) =>
      makeStampedFilm(join(folder, `recording-${n}.nut`), size, { first: n * size.seconds * 24 }),
    ),
  );
  for (const [name, clocksSeconds] of films) {
    const parts: Buffer[] = [];
    for (const [n, clockSeconds] of clocksSeconds.entries()) {
      const part = join(folder, `${name}.${n}.ts`);
      const clock = ["-output_ts_offset", String(clockSeconds)];
      await runFfmpeg(["-i", coded[n] ?? "", "-c", "copy", ...clock, part]);
      parts.push(await readFile(part));
      await rm(part);
    }
    await writeFile(join(folder, name), Buffer.concat(parts));
  }
  for (const path of coded) await rm(path);
}

/**
 * The same with a second sound (French, 880 Hz) and English subtitles that say the second they belong to.
 */
export async function makeStampedFilmWithTracks(path: string, size: FilmSize): Promise<string> {
  const plain = await makeStampedFilm(`${path}.plain.mp4`, size);
  // Named like the film it would be one beside it.
  const subtitles = join(dirname(path), `cues of ${basename(path)}.srt`);
  const stamp = (second: number): string => `00:00:${String(second).padStart(2, "0")}`;
  const cues = Array.from({ length: size.seconds }, (_, k) =>
    [k + 1, `${stamp(k)},000 --> ${stamp(k)},900`, `second ${k}`, ""].join("\n"),
  );
  await writeFile(subtitles, cues.join("\n"));
  await runFfmpeg([
    ...["-i", plain, "-f", "lavfi", "-i", `sine=frequency=880:duration=${size.seconds}`],
    ...["-i", subtitles, "-map", "0", "-map", "1:a", "-map", "2", "-c", "copy", "-c:a:1", "aac"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fre"],
    ...["-metadata:s:s:0", "language=eng", path],
  ]);
  return path;
}

/** The numbers that the frames of a file carry, however large they are, in order. */
export async function readStamps(path: string): Promise<number[]> {
  const filters = `crop=iw:ih/6:0:0,scale=${BITS}:1:flags=area,format=gray`;
  const { stdout } = await run(
    "ffmpeg",
    ["-v", "error", "-i", path, "-map", "0:v", "-vf", filters, "-f", "rawvideo", "pipe:1"],
    { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 },
  );
  return Array.from({ length: stdout.length / BITS }, (_, frame) =>
    Array.from({ length: BITS }, (__, bit) =>
      (stdout[frame * BITS + bit] ?? 0) > 127 ? 2 ** bit : 0,
    ).reduce((sum, value) => sum + value, 0),
  );
}

/** Defines `stampOf(picture, width, height)` in a page: the number that a video or image shows. */
export const READ_STAMP = `
  const stampCanvas = document.createElement("canvas");
  stampCanvas.width = ${BITS * 8};
  stampCanvas.height = 8;
  const stampContext = stampCanvas.getContext("2d", { willReadFrequently: true });
  window.stampOf = (picture, width, height) => {
    stampContext.drawImage(picture, 0, 0, width, height / 6, 0, 0, ${BITS * 8}, 8);
    const { data } = stampContext.getImageData(0, 0, ${BITS * 8}, 8);
    let number = 0;
    for (let i = 0; i < ${BITS}; i++)
      if (data[(4 * ${BITS * 8} + i * 8 + 4) * 4] > 127) number += 2 ** i;
    return number;
  };`;

/**
 * Notes each frame that a video element of the page gets: which film, whether it is the one that is
 * seen, when (ms), its time, and the number in its pixels; in `window.seenFrames`. And where both films
 * are when the one that is seen changes; in `window.shownFilms`.
 */
export const RECORD_FRAMES = `
  ${READ_STAMP}
  window.seenFrames = [];
  window.shownFilms = [];
  const record = (video) => {
    const note = (_now, { expectedDisplayTime, mediaTime, width, height }) => {
      const isSeen = video.closest("[data-showing]")?.dataset.showing === video.dataset.picture;
      window.seenFrames.push({
        picture: video.dataset.picture,
        isSeen,
        atMs: expectedDisplayTime,
        mediaSeconds: mediaTime,
        stamp: window.stampOf(video, width, height),
      });
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  const recorded = new WeakSet();
  new MutationObserver((changes) => {
    for (const { type, target: stage } of changes) {
      if (type !== "attributes") continue;
      const { showing } = stage.dataset;
      const [original, upscaled] = ["original", "upscaled"].map((picture) =>
        stage.querySelector("[data-picture=" + picture + "]"));
      const left = showing === "original" ? upscaled : original;
      window.shownFilms.push({
        picture: showing,
        atMs: performance.now(),
        stoodStill: left.paused || left.readyState < 3,
        seconds: { original: original.currentTime, upscaled: upscaled.currentTime },
      });
    }
    for (const video of document.querySelectorAll("video"))
      if (!recorded.has(video)) {
        recorded.add(video);
        record(video);
      }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-showing"] });`;

/** One entry of `window.shownFilms`: this film came in front, and where both were, in the time of their elements. */
export interface ShownFilm {
  readonly picture: SeenFrame["picture"];
  readonly atMs: number;
  /** The film that was left was waiting for data or paused. */
  readonly stoodStill: boolean;
  readonly seconds: Readonly<Record<SeenFrame["picture"], number>>;
}

/** One entry of `window.seenFrames`. */
export interface SeenFrame {
  readonly picture: "original" | "upscaled";
  readonly isSeen: boolean;
  readonly atMs: number;
  readonly mediaSeconds: number;
  readonly stamp: number;
}
