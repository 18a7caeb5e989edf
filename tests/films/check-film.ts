import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { frameSeconds, PTS_OFFSET_FRAMES, segmentCount, segmentFrames } from "@upreel/core";
import { makeRandom, makeTempFolder } from "@upreel/testkit";
import type { Upscaler } from "@upreel/upscaler";
import { checkSegment, expectSegment } from "@upreel/watcher";
import type { FilmSpec } from "./film-spec.ts";
import { randomFilm } from "./random-film.ts";
import { judgeFilm } from "./judge-film.ts";
import { makeFilm } from "./make-film.ts";
import { makeSegments, missingPictures, planFilm, type PlannedFilm } from "./upscale-film.ts";
import { watch, type Watched } from "./watch-segments.ts";

/** Two packets of AAC: what a segment's sound may begin later or end earlier by. */
const SEGMENT_SOUND_SECONDS = 0.045;
const BEEP_SECONDS = 0.003;

/** Makes the film of a seed, upscales it and looks at it; gives what is wrong. */
export async function checkRandomFilm(seed: number, upscaler: Upscaler): Promise<string[]> {
  const spec = randomFilm(makeRandom(seed));
  const problems = await checkFilm(spec, upscaler, seed);
  return problems.map((problem) => `film ${seed}: ${problem}: ${JSON.stringify(spec)}`);
}

/** `choice` decides which segment is entered. */
export async function checkFilm(
  spec: FilmSpec,
  upscaler: Upscaler,
  choice: number,
): Promise<string[]> {
  await using folder = await makeTempFolder();
  const made = await makeFilm(spec, folder.path);
  try {
    const film = await planFilm(made.path);
    const { segments, decoded } = await makeSegments(
      ...([film, upscaler, join(folder.path, "whole"), 0] as const),
    );
    const hasSound = film.output.audio.kind !== "none";
    const whole = await watch(segments, film.output, hasSound);
    const count = segmentCount(film.timeline);
    const refused = await refusedSegments(film, segments);
    // Not the last one, which may be a single picture.
    const k = 1 + (choice % Math.max(1, count - 2));
    return [
      ...(hasSound === (spec.sound !== undefined) ? [] : ["its sound is left out"]),
      ...refused,
      ...(await missingPictures(film, decoded)),
      ...judgeFilm(made, film.timeline, whole),
      ...(k < count - 1 ? await checkEntry(film, whole, segments, k, upscaler, folder.path) : []),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What the watcher would not publish. */
async function refusedSegments(
  { timeline, output }: PlannedFilm,
  segments: readonly string[],
): Promise<string[]> {
  const hasSound = output.audio.kind !== "none";
  const run = { timeline, fromSegment: 0, toSegment: segmentCount(timeline), hasSound };
  const problems = await Promise.all(
    segments.map(async (path, k) => {
      const expected = expectSegment(run, k, undefined);
      const problem = expected && checkSegment(await readFile(path), expected);
      if (problem === undefined || problem.isDoubt) return [];
      return [`segment ${k} of ${segments.length}: ${problem.message}, ${problem.got}`];
    }),
  );
  return problems.flat();
}

/** Segment `k` alone is complete, and a run that begins there makes the same. */
async function checkEntry(
  film: PlannedFilm,
  whole: Watched,
  segments: readonly string[],
  k: number,
  upscaler: Upscaler,
  folder: string,
): Promise<string[]> {
  const { timeline, output } = film;
  const { first, end } = segmentFrames(timeline, k);
  const hasSound = output.audio.kind !== "none";
  const alone = await watch(segments.slice(k, k + 1), output, hasSound);
  const again = await makeSegments(film, upscaler, join(folder, "entered"), k);
  const entered = await watch(again.segments, output, hasSound);
  const at = (frame: number): number => frameSeconds(timeline, frame + PTS_OFFSET_FRAMES);
  return [
    ...samePictures(`segment ${k} alone`, alone, whole.pictures.slice(first, end)),
    ...samePictures(`entered at segment ${k}`, entered, whole.pictures.slice(first)),
    ...(hasSound ? soundWithin(`segment ${k} alone`, alone, at(first), at(end)) : []),
    ...sameBeeps(`entered at segment ${k}`, entered, whole, at(first)),
  ];
}

function samePictures(what: string, { pictures }: Watched, wanted: Watched["pictures"]): string[] {
  if (pictures.length !== wanted.length)
    return [`${what}: ${pictures.length} pictures of ${wanted.length}`];
  const other = pictures.findIndex(({ number }, i) => number !== wanted[i]?.number);
  if (other < 0) return [];
  return [`${what}: frame ${other} shows ${pictures[other]?.number}, not ${wanted[other]?.number}`];
}

function soundWithin(what: string, { sound }: Watched, from: number, to: number): string[] {
  if (sound === undefined) return [`${what}: no sound`];
  const [begins, ends] = sound;
  const isWhole = begins < from + SEGMENT_SOUND_SECONDS && ends > to - SEGMENT_SOUND_SECONDS;
  if (isWhole) return [];
  const text = [begins - from, ends - to].map((seconds) => seconds.toFixed(3));
  return [`${what}: sound begins ${text[0]} s after its pictures and ends ${text[1]} s after them`];
}

/** But for those at the very beginning, which a viewer may hear in part. */
function sameBeeps(what: string, entered: Watched, whole: Watched, from: number): string[] {
  const wanted = whole.beeps.filter((at) => at > from + 0.25);
  const got = entered.beeps.filter((at) => at > from + 0.25 - BEEP_SECONDS);
  const other = wanted.filter((at) => !got.some((heard) => Math.abs(heard - at) < BEEP_SECONDS));
  return other.length === 0
    ? []
    : [`${what}: ${other.length} of ${wanted.length} beeps are elsewhere`];
}
