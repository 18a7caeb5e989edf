import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  segmentFrames,
  toNumber,
  type Output,
  type Reason,
  type Source,
  type Timeline,
} from "@upreel/core";
import { indexPackets } from "../packet-index/packet-index.ts";
import type { SoundTools } from "../sound/decode-sound.ts";
import { silencedSegments } from "./compare-loudness.ts";
import { measureLoudness } from "./measure-loudness.ts";
import { picturesLeftOut } from "./pictures-left-out.ts";

/** A film that is made, and what it was made of. */
export interface MadeFilm {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  /** Absolute path of the one file that it is in. */
  readonly archive: string;
}

/** The archive's own tracks, in the order in which they were written. */
const ARCHIVED_SOUND = 1;

/**
 * What a finished film lacks of its source, where and why; undefined: nothing. Reads and decodes the
 * sound of both, and counts the pictures of the source. Rejects with the abort reason, or when one of them cannot be read at all.
 */
export async function proveFilm(
  film: MadeFilm,
  tools: SoundTools & { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  return (await provePictures(film, tools, signal)) ?? (await proveSound(film, tools, signal));
}

async function provePictures(
  { source, timeline }: MadeFilm,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  // The packets of interlaced films may be half a picture each, and of telecined ones five are four.
  if (source.video.isInterlaced || source.video.scan?.kind === "telecine") return undefined;
  const { tracks } = await indexPackets(source, tools, signal).whole;
  const log = tracks.find(({ track }) => track === source.video.index);
  const leftOut = log === undefined ? undefined : picturesLeftOut(log, timeline);
  if (leftOut === undefined) return undefined;
  const perSecond = Number(toNumber(timeline.rate).toFixed(3));
  return {
    code: "film_incomplete",
    message: `the film shows ${perSecond} pictures a second and lacks others that ${source.path} has`,
    expected: `all ${leftOut.pictures} pictures of the source`,
    got: `${leftOut.lost} are left out`,
  };
}

async function proveSound(
  film: MadeFilm,
  tools: SoundTools,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const { source, timeline, output, archive } = film;
  if (output.audio.kind === "none") return undefined;
  const { index } = output.audio;
  const wanted = await measureLoudness(source, timeline, index, tools, signal);
  const { pieces: _, ...plain } = timeline;
  const onOneClock: Timeline = {
    ...plain,
    zeroMicros: Math.round(frameSeconds(timeline, PTS_OFFSET_FRAMES) * 1e6),
  };
  const asSource: Source = { ...source, path: archive, format: "mpegts" };
  const made = await measureLoudness(asSource, onOneClock, ARCHIVED_SOUND, tools, signal);
  signal.throwIfAborted();
  const silenced = silencedSegments(timeline, wanted.blocks, made.blocks);
  const [first] = silenced;
  if (first === undefined) return undefined;
  return {
    code: "film_incomplete",
    message: `the film lacks sound that ${source.path} has, first in segment ${first}, at ${clock(timeline, first)}`,
    expected: "in every segment sound as loud as in the source",
    got: `${silenced.length} without, of ${wanted.seconds.toFixed(0)} s of sound`,
  };
}

function clock(timeline: Timeline, segment: number): string {
  const seconds = frameSeconds(timeline, segmentFrames(timeline, segment).first);
  return new Date(Math.floor(seconds) * 1_000).toISOString().slice(11, 19);
}
