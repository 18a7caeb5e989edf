import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  toNumber,
  segmentStartSeconds,
  type Output,
  type Reason,
  type Source,
  type Timeline,
} from "@upreel/core";
import { indexPackets } from "../packet-index/packet-index.ts";
import type { SoundTools } from "../sound/decode-sound.ts";
import { accountPictures } from "./account-pictures.ts";
import { silencedSegments } from "./compare-loudness.ts";
import { decodedPictures } from "./decoded-pictures.ts";
import { measureLoudness } from "./measure-loudness.ts";

/** A film that is made, and what it was made of. */
export interface MadeFilm {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  /** Pictures of the source that were decoded for segment k; null: not known. */
  readonly decoded: readonly (number | null)[];
  /** Absolute path of the one file that it is in. */
  readonly archive: string;
}

/** The archive's own tracks, in the order in which they were written. */
const ARCHIVED_SOUND = 1;

/**
 * What a finished film lacks of its source, where and why; undefined: nothing. Reads and decodes the
 * sound of both, and accounts for all pictures of the source. Rejects with the abort reason, or when one of them cannot be read at all.
 */
export async function proveFilm(
  film: MadeFilm,
  tools: SoundTools & { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  return (await provePictures(film, tools, signal)) ?? (await proveSound(film, tools, signal));
}

async function provePictures(
  film: MadeFilm,
  tools: { readonly ffmpeg: string; readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const { source, timeline } = film;
  const index = await indexPackets(source, tools, signal).whole;
  const decoded = await decodedPictures(film, tools, signal);
  const account = accountPictures({ source, timeline, decoded }, index);
  const { pictures, undecoded, firstUndecoded, leftOut } = account;
  const expected = `all ${pictures} pictures of the source`;
  if (firstUndecoded !== undefined) {
    return {
      code: "source_damaged",
      message: `some pictures of the film cannot be decoded, the first at ${clock(timeline, firstUndecoded)}: the one before stays in place of each`,
      ...{
        expected,
        got: `${undecoded} cannot be decoded, the first in segment ${firstUndecoded}`,
      },
    };
  }
  if (leftOut === 0) return undefined;
  const perSecond = Number(toNumber(timeline.rate).toFixed(3));
  return {
    code: "film_incomplete",
    message: `the film shows ${perSecond} pictures a second; its source has more`,
    ...{ expected, got: `${leftOut} are left out` },
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
    message: `the film lacks sound that its source has, first in segment ${first}, at ${clock(timeline, first)}`,
    expected: "in every segment sound as loud as in the source",
    got: `${silenced.length} without, of ${wanted.seconds.toFixed(0)} s of sound`,
  };
}

function clock(timeline: Timeline, segment: number): string {
  const seconds = segmentStartSeconds(timeline, segment);
  return new Date(Math.floor(seconds) * 1_000).toISOString().slice(11, 19);
}
