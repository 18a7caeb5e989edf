import { join } from "node:path";
import {
  segmentCount,
  segmentFileName,
  UpreelError,
  type Output,
  type PlannedRecord,
  type StreamRecord,
  type Source,
  type Timeline,
} from "@upreel/core";
import {
  audioRenditionArguments,
  planAudioRendition,
  planEncodedAudio,
  type AudioLayout,
  type TakeLook,
} from "@upreel/media";
import { streamPaths } from "@upreel/watcher";
import type { TimedFilms } from "../plan/timed-films.ts";
import { createBatchMaker } from "./batch-maker.ts";
import { createFonts, type Fonts } from "./subtitles/fonts.ts";
import { createLowerFilms, type LowerFilms } from "./lower/lower-films.ts";
import { LOWER_RUNS } from "./lower/lower-runs.ts";
import { requireAudio } from "./offer-audio.ts";
import { createOriginalAlone } from "./original/original-alone.ts";
import { createOriginal, type Original } from "./original/original.ts";
import { createStills, type StillParts, type Stills } from "./stills.ts";
import { createThumbnails, type Thumbnails } from "./thumbnails.ts";
import { createPictureSubtitles } from "./subtitles/picture-subtitles.ts";
import { createBesideMaker } from "./subtitles/make-beside.ts";
import { createFilmSubtitles } from "./subtitles/subtitles-beside.ts";
import { createSubtitles, type Subtitles } from "./subtitles/subtitles.ts";

/** A stream whose source is probed. */
interface PlannedStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
}

/** What is made from the source beside the upscaled segments, when a player asks for it. */
export interface Renditions extends AsyncDisposable {
  /**
   * Path of segment `k` of the rendition `name` (`2-stereo`), once it is made. Throws `not_found`
   * for a name that is none, and what ffmpeg fails with.
   */
  audioSegment(stream: PlannedStream, name: string, k: number): Promise<string>;
  readonly original: Original;
  /** What a film that is not upscaled is made from, for its own pictures. */
  readonly planOriginal: (record: StreamRecord) => Promise<PlannedRecord>;
  readonly subtitles: Subtitles;
  readonly fonts: Fonts;
  readonly stills: Stills;
  readonly thumbnails: Thumbnails;
  readonly lower: LowerFilms;
}

/** Segments that one ffmpeg makes: starting it and finding the place costs as much as ten of them. */
const SEGMENTS_AT_A_TIME = 8;

/**
 * On-demand renditions below `dataDir`. They are here, not in a package, since they join two of
 * them: media knows how ffmpeg makes a piece, watcher how a piece is published.
 */
export function createRenditions(
  parts: Omit<StillParts, "signal"> & {
    readonly ffprobe: string;
    readonly look: TakeLook;
    /** For what is kept no longer than it is watched. */
    readonly ownDir: string;
    readonly segmentSeconds: number;
    readonly timed: Pick<TimedFilms, "of">;
  },
): Renditions {
  const closing = new AbortController();
  const { ffmpeg, dataDir, ownDir, files } = parts;
  // A viewer waits for pieces, which take a second; what needs the whole film must not be in their way.
  const pieces = createBatchMaker({ ffmpeg, files, atATime: 3, longestMs: 60_000 });
  // Nobody waits for thumbnails: what upscales goes first.
  const sheets = createBatchMaker({ ffmpeg, files, atATime: 1, longestMs: 120_000, niceness: 19 });
  const films = createBatchMaker({ ffmpeg, files, atATime: 1, longestMs: 600_000 });
  const makePictures = createPictureSubtitles();
  // Longer work, which must not keep sound waiting.
  const runs = createBatchMaker({ ffmpeg, files, atATime: LOWER_RUNS, longestMs: 600_000 });
  const lower = createLowerFilms({ dataDir: ownDir, batches: runs, nowMs: () => Date.now() });
  return {
    lower,
    async audioSegment(stream, name, k) {
      const { source, timeline } = stream;
      const { index, layout } = parseRendition(name);
      const track = requireAudio(source, index);
      const paths = streamPaths(parts.dataDir, stream.id);
      const folder = join(paths.renditions, "audio", name);
      const fromSegment = k - (k % SEGMENTS_AT_A_TIME);
      const toSegment = Math.min(fromSegment + SEGMENTS_AT_A_TIME, segmentCount(timeline));
      const request = { source, timeline, fromSegment, toSegment };
      const audio = planAudioRendition(track, layout);
      const encoded = planEncodedAudio(track, layout);
      await pieces.need(
        {
          source,
          what: `sound of stream ${index} from segment ${fromSegment} on`,
          folder,
          runs: paths.runs,
          names: fileNames(fromSegment, toSegment),
          argumentsFor: (work) => [audioRenditionArguments({ ...request, audio, folder: work })],
          sound: {
            first: audio.kind === "aac" ? { ...request, audio } : undefined,
            fallback: { ...request, audio: encoded },
          },
          // A copy has nothing for a segment that the track has no sound for.
          fallbackFor: (work) => [
            audioRenditionArguments({ ...request, audio: encoded, folder: work }),
          ],
        },
        segmentFileName(k),
      );
      return join(folder, segmentFileName(k));
    },
    planOriginal: createOriginalAlone({ ...parts, signal: closing.signal }),
    original: createOriginal({ ...parts, batches: pieces, signal: closing.signal }),
    subtitles: createSubtitles({
      ...{ dataDir, pieces, films, makePictures },
      makeBeside: createBesideMaker({ dataDir, pieces, files, makePictures }),
      tracksOf: createFilmSubtitles({ ...parts, signal: closing.signal }),
    }),
    fonts: createFonts({ dataDir, pieces }),
    thumbnails: createThumbnails({ dataDir, sheets }),
    stills: createStills({ ...parts, signal: closing.signal }),
    async [Symbol.asyncDispose]() {
      closing.abort();
      const makers = [pieces, films, sheets, runs];
      await Promise.all(makers.map((maker) => maker[Symbol.asyncDispose]()));
      await lower[Symbol.asyncDispose]();
    },
  };
}

const fileNames = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => segmentFileName(from + i));

/** The stream and the layout that a rendition's name in a URL stands for. Throws `not_found`. */
export function parseRendition(name: string): { index: number; layout: AudioLayout } {
  const [, index, layout] = /^(\d{1,4})-(stereo|surround|dolby)$/.exec(name) ?? [];
  if (layout === "stereo" || layout === "surround" || layout === "dolby")
    return { index: Number(index), layout };
  throw new UpreelError("not_found", `no such audio rendition: ${name}`, {
    expected: "stream index and layout, for example 2-stereo",
    got: name,
  });
}
