import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  durationSeconds,
  filmParts,
  filmPartsWithin,
  type DrawnFormat,
  type Source,
  type Timeline,
} from "@upreel/core";
import {
  drawnSubtitleArguments,
  isOtherPictures,
  pictureSubtitleArguments,
  subtitleArguments,
} from "@upreel/media";
import { streamPaths, subtitleSegment, type Stretch } from "@upreel/watcher";
import type { BatchMaker } from "../batch-maker.ts";
import type { createBesideMaker } from "./make-beside.ts";
import type { FilmSubtitle } from "./subtitles-beside.ts";
import type { createPictureSubtitles } from "./picture-subtitles.ts";
import { requireDrawn, requireText } from "./offer-subtitles.ts";

interface SubtitledStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
}

/** Subtitles of a film: as WebVTT, and as they were drawn. */
export interface Subtitles {
  /** In the film, and in files beside it. */
  tracksOf(source: Source): Promise<readonly FilmSubtitle[]>;
  /** Lengths in seconds of the segments of a track's playlist. */
  segmentSeconds(timeline: Timeline): number[];
  /** Throws `not_found` for a track that is not offered. */
  segment(stream: SubtitledStream, index: number, k: number): Promise<string>;
  /** All of a track. The first time the whole film has to be read. */
  whole(stream: SubtitledStream, index: number): Promise<string>;
  /** File of all of a track in a format of its own. Throws `not_found` for a track that has no other one. */
  drawn(
    stream: SubtitledStream,
    index: number,
  ): Promise<{ readonly path: string; readonly format: DrawnFormat }>;
}

/** A minute of a film is read quickly, however large the film is. */
const SEGMENT_SECONDS = 60;

interface SubtitlesParts {
  readonly dataDir: string;
  readonly pieces: BatchMaker;
  readonly films: BatchMaker;
  readonly tracksOf: Subtitles["tracksOf"];
  readonly makeBeside: ReturnType<typeof createBesideMaker>;
  readonly makePictures: ReturnType<typeof createPictureSubtitles>;
}

/** `pieces` makes what a player waits for, `films` what takes as long as reading a film. */
export function createSubtitles(deps: SubtitlesParts): Subtitles {
  async function text(
    stream: SubtitledStream,
    index: number,
    stretch: Stretch,
    { maker, name }: { readonly maker: BatchMaker; readonly name: string },
  ): Promise<string> {
    const { source, timeline } = stream;
    const track = requireText(await deps.tracksOf(source), index);
    const paths = streamPaths(deps.dataDir, stream.id);
    const folder = join(paths.renditions, "subtitles", String(index));
    const { beside } = track;
    if (beside !== undefined) {
      const path = await deps.makeBeside({ ...stream, track: { ...track, beside } }, "webvtt");
      const all = { text: await readFile(path, "utf8"), fromSeconds: 0 };
      const texts = [{ ...all, toSeconds: durationSeconds(timeline) }];
      return subtitleSegment(texts, timeline, stretch);
    }
    // The clock of each part is its own, so that each is read by itself.
    const parts = filmPartsWithin(timeline, stretch.fromSeconds, stretch.toSeconds);
    const names = parts.map((_, n) => (n === 0 ? `${name}.vtt` : `${name}-${n}.vtt`));
    const [first] = names;
    if (first === undefined) return subtitleSegment([], timeline, stretch);
    await maker.need(
      {
        source,
        what: `subtitles of stream ${index}`,
        ...{ folder, runs: paths.runs, names },
        argumentsFor: (work) =>
          parts.map((part, n) => {
            const target = join(work, names[n] ?? first);
            return subtitleArguments({ source, part, index, ...stretch, target });
          }),
      },
      names.at(-1) ?? first,
    );
    const texts = await Promise.all(
      parts.map(async ({ startSeconds, endSeconds }, n) => ({
        text: await readFile(join(folder, names[n] ?? first), "utf8"),
        ...{ fromSeconds: startSeconds, toSeconds: endSeconds },
      })),
    );
    return subtitleSegment(texts, timeline, stretch);
  }

  return {
    tracksOf: deps.tracksOf,
    segmentSeconds(timeline) {
      const film = durationSeconds(timeline);
      const count = Math.ceil(film / SEGMENT_SECONDS);
      return Array.from({ length: count }, (_, k) =>
        Math.min(SEGMENT_SECONDS, film - k * SEGMENT_SECONDS),
      );
    },
    segment(stream, index, k) {
      const fromSeconds = k * SEGMENT_SECONDS;
      const stretch = { fromSeconds, toSeconds: fromSeconds + SEGMENT_SECONDS };
      const name = String(k).padStart(6, "0");
      return text(stream, index, stretch, { maker: deps.pieces, name });
    },
    whole(stream, index) {
      const stretch = { fromSeconds: 0, toSeconds: durationSeconds(stream.timeline) };
      return text(stream, index, stretch, { maker: deps.films, name: "film" });
    },
    drawn: (stream, index) => makeDrawn(deps, stream, index),
  };
}

/** All of a track in a format of its own. */
async function makeDrawn(
  deps: SubtitlesParts,
  { id, source, timeline }: SubtitledStream,
  index: number,
): ReturnType<Subtitles["drawn"]> {
  const { format, track } = requireDrawn(await deps.tracksOf(source), timeline, index);
  const { beside } = track;
  if (beside !== undefined)
    return {
      format,
      path: await deps.makeBeside({ id, source, track: { ...track, beside } }, format),
    };
  const [part] = filmParts(timeline);
  if (part === undefined) throw new RangeError("a timeline without a piece");
  const { renditions, runs } = streamPaths(deps.dataDir, id);
  const folder = join(renditions, "subtitles", String(index));
  if (isOtherPictures(track.codec)) {
    const path = await deps.makePictures({
      ...{ maker: deps.films, source, track, folder, runs },
      argumentsFor: (files) => pictureSubtitleArguments({ source, part, index, files }),
    });
    return { path, format };
  }
  const name = `film.${format}`;
  const argumentsFor = (work: string): string[][] => [
    drawnSubtitleArguments({ source, part, index, format, target: join(work, name) }),
  ];
  const what = `subtitles of stream ${index}`;
  const batch = { source, what, folder, runs, names: [name], argumentsFor };
  await deps.films.need(batch, name);
  return { path: join(folder, name), format };
}
