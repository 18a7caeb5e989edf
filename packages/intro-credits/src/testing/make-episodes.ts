import { join } from "node:path";
import { runFfmpeg } from "@upreel/testkit";

export const INTRO_SECONDS = 20;
export const EPISODE_SECONDS = 70;
export const CREDITS_SECONDS = 20;

/** Notes that jump by a number that looks like chance: another seed sounds unlike it. */
const tune = (seed: number, seconds: number): string => {
  const note = (perSecond: number, by: number): string =>
    `floor(mod(abs(sin(floor(t*${perSecond})*${seed}+${by}*${seed}))*10000,24))`;
  const voice = (hertz: number, notes: string): string =>
    `0.3*sin(2*PI*t*${hertz}*pow(2,${notes}/12))`;
  return `aevalsrc='${voice(220, note(4, 1))}+${voice(330, note(3, 1.7))}':s=11025:d=${seconds}`;
};

/** Pictures that are black at their end. */
const PICTURES = [
  ...["-f", "lavfi", "-i", `testsrc2=s=64x36:r=5:d=${EPISODE_SECONDS - CREDITS_SECONDS}`],
  ...["-f", "lavfi", "-i", `color=black:s=64x36:r=5:d=${CREDITS_SECONDS}`],
];
const PICTURES_CODEC = ["-c:v", "mpeg4", "-g", "25"];

/** An episode whose intro begins after `lead` seconds, and whose pictures are black at its end. */
export async function makeEpisode(folder: string, number: number, lead: number): Promise<string> {
  const path = join(folder, `Show - S01E0${number}.mkv`);
  const rest = EPISODE_SECONDS - INTRO_SECONDS - lead;
  await runFfmpeg([
    ...PICTURES,
    ...["-f", "lavfi", "-i", tune(number + 0.31, lead)],
    ...["-f", "lavfi", "-i", tune(7.13, INTRO_SECONDS)],
    ...["-f", "lavfi", "-i", tune(number * 3 + 20.77, rest)],
    ...["-filter_complex", "[0][1]concat=n=2:v=1[v];[2][3][4]concat=n=3:v=0:a=1[a]"],
    ...["-map", "[v]", "-map", "[a]", ...PICTURES_CODEC, "-c:a", "pcm_s16le"],
    path,
  ]);
  return path;
}

/** A film without sound, whose pictures are black at its end, or never. */
export async function makeFilm(path: string, isBlackAtEnd: boolean): Promise<string> {
  const pictures = isBlackAtEnd
    ? [...PICTURES, "-filter_complex", "[0][1]concat=n=2:v=1"]
    : ["-f", "lavfi", "-i", `testsrc2=s=64x36:r=5:d=${EPISODE_SECONDS}`];
  await runFfmpeg([...pictures, ...PICTURES_CODEC, path]);
  return path;
}
