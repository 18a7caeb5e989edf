import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { toUpreelError, type Source } from "@upreel/core";
import { readSidecar, sidecarsAmong, type SubtitleFile } from "@upreel/media";
import type { FileBeside, MediaFiles } from "@upreel/sources";
import PQueue from "p-queue";

/** A subtitle of a film: in its file, or in one beside it. */
export type FilmSubtitle = Source["subtitles"][number] & {
  readonly beside?: SubtitleFile | undefined;
};

/** Tracks of the film itself have smaller numbers. */
const FIRST_BESIDE = 10_000;
const MOST_NUMBERS = 900_000;
/** A playlist waits no longer for a disk that does not answer: then the film has only its own subtitles. */
const WITHIN_MS = 5_000;
/** Files whose tracks are remembered: those of a few seasons. */
const MOST_REMEMBERED = 1_000;
const FILES_AT_A_TIME = 2;

interface BesideParts {
  readonly files: Pick<MediaFiles, "beside">;
  readonly ffprobe: string;
  readonly signal: AbortSignal;
}

/** All subtitles of a film, those in files beside it (`Film.de.srt`) as they are now. */
export function createFilmSubtitles({
  files,
  ffprobe,
  signal,
}: BesideParts): (source: Source) => Promise<readonly FilmSubtitle[]> {
  const known = new Map<string, Promise<readonly FilmSubtitle[]>>();
  const queue = new PQueue({ concurrency: FILES_AT_A_TIME });

  function tracksIn(film: string, file: FileBeside): Promise<readonly FilmSubtitle[]> {
    const key = `${join(dirname(film), file.name)}|${file.sizeBytes}|${file.modifiedMs}`;
    const found =
      known.get(key) ??
      queue
        .add(() => read(film, file, key))
        .catch((thrown: unknown) => {
          // No subtitles are in it, and none will be; a disk that was away may be back.
          if (toUpreelError(thrown).code !== "source_unreadable") known.delete(key);
          return [];
        });
    // What was asked for last is kept longest.
    known.delete(key);
    known.set(key, found);
    for (const [oldest] of known) if (known.size > MOST_REMEMBERED) known.delete(oldest);
    return found;
  }

  async function read(
    film: string,
    { name }: FileBeside,
    key: string,
  ): Promise<readonly FilmSubtitle[]> {
    const [named] = sidecarsAmong(film, [name]);
    if (named === undefined) return [];
    const sidecar = await readSidecar(film, named, { ffprobe }, signal);
    return sidecar.tracks
      .filter(({ kind }) => kind === "subtitle")
      .map((track) => ({
        index: FIRST_BESIDE + (crc32(`${key}|${track.index}`) % MOST_NUMBERS),
        codec: track.codec,
        ...(track.canvas === undefined ? {} : { canvas: track.canvas }),
        language: track.language,
        title: track.title ?? (track.dispositions.includes("hearing_impaired") ? "SDH" : undefined),
        isDefault: track.dispositions.includes("default"),
        isForced: track.dispositions.includes("forced"),
        beside: { path: sidecar.path, index: track.index },
      }));
  }

  async function beside(source: Source): Promise<readonly FilmSubtitle[]> {
    const there = await files.beside(source);
    const tracks = await Promise.all(there.map((file) => tracksIn(source.path, file)));
    return tracks.flat();
  }

  return async (source) => {
    const late = AbortSignal.timeout(WITHIN_MS);
    const tooLate = new Promise<readonly FilmSubtitle[]>((resolve) =>
      late.addEventListener("abort", () => resolve([]), { once: true }),
    );
    // A disk that cannot be asked is told by whoever reads the film.
    return [
      ...source.subtitles,
      ...(await Promise.race([beside(source).catch(() => []), tooLate])),
    ];
  };
}
