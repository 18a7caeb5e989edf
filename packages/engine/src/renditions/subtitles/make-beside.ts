import { basename, extname, join } from "node:path";
import type { DrawnFormat, Source } from "@upreel/core";
import { isThere, makeFolder, replaceFile } from "@upreel/files";
import {
  besidePictureArguments,
  besideSubtitleArguments,
  isOtherPictures,
  legacyCharset,
  type SubtitleFile,
} from "@upreel/media";
import type { MediaFiles } from "@upreel/sources";
import { streamPaths } from "@upreel/watcher";
import type { BatchMaker } from "../batch-maker.ts";
import type { createPictureSubtitles } from "./picture-subtitles.ts";
import type { FilmSubtitle } from "./subtitles-beside.ts";

interface BesideTrack {
  /** Of the stream. */
  readonly id: string;
  readonly source: Source;
  readonly track: FilmSubtitle & { readonly beside: SubtitleFile };
}

/** Text that ffmpeg takes for UTF-8, whatever it is in. */
const TEXT = new Set(["subrip", "ass", "ssa", "sami", "webvtt"]);

/**
 * Makes all of a track in a file beside a film in another format, and gives the path of that: such files are small.
 * Subtitles of the nineties are in the charset of their language.
 */
export function createBesideMaker(deps: {
  readonly dataDir: string;
  readonly pieces: BatchMaker;
  readonly files: Pick<MediaFiles, "readText">;
  readonly makePictures: ReturnType<typeof createPictureSubtitles>;
}): (wanted: BesideTrack, format: "webvtt" | DrawnFormat) => Promise<string> {
  const making = new Map<string, Promise<void>>();

  async function make(
    { id, source, track: { codec, language, beside } }: BesideTrack,
    format: "webvtt" | DrawnFormat,
    folder: string,
  ): Promise<void> {
    const { runs } = streamPaths(deps.dataDir, id);
    const name = `beside.${format}`;
    let from = beside;
    if (TEXT.has(codec)) {
      const text = await deps.files.readText(beside.path, legacyCharset(language));
      from = { ...beside, path: join(folder, `text${extname(beside.path)}`) };
      await makeFolder(folder);
      await replaceFile(from.path, text, { isDurable: false });
    }
    const argumentsFor = (work: string): string[][] => [
      besideSubtitleArguments(from, format, join(work, name)),
    ];
    const what = `subtitles of ${basename(beside.path)}`;
    await deps.pieces.need({ source, what, folder, runs, names: [name], argumentsFor }, name);
  }

  return async (wanted, format) => {
    const { renditions } = streamPaths(deps.dataDir, wanted.id);
    const folder = join(renditions, "subtitles", String(wanted.track.index));
    if (isOtherPictures(wanted.track.codec)) {
      const { source, track } = wanted;
      const { runs } = streamPaths(deps.dataDir, wanted.id);
      return deps.makePictures({
        ...{ maker: deps.pieces, source, track, folder, runs },
        argumentsFor: (files) => besidePictureArguments(track.beside, files),
      });
    }
    const target = join(folder, `beside.${format}`);
    if (await isThere(target)) return target;
    const key = `${wanted.id}/${wanted.track.index}`;
    // One after the other: both formats are made of the same text.
    const before = making.get(key) ?? Promise.resolve();
    const made = before.catch(() => {}).then(() => make(wanted, format, folder));
    making.set(key, made);
    try {
      await made;
    } finally {
      if (making.get(key) === made) making.delete(key);
    }
    return target;
  };
}
