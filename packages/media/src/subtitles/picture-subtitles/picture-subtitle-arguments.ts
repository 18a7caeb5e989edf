import type { FilmPart, Source } from "@upreel/core";
import { fileUrl, sidecarInput } from "../../ffmpeg/media-input.ts";
import { partInput } from "../../ffmpeg/part-input.ts";
import type { SubtitleFile } from "../subtitle-arguments.ts";

/** ffmpeg writes each picture in four of these: greys for letters and their edges, and colours of speakers. */
const COLOURS = [
  ...[0x000000, 0xffffff, 0xc0c0c0, 0x808080, 0x404040, 0xffff00, 0x00ffff, 0x00ff00],
  ...[0xff0000, 0x0000ff, 0xff00ff, 0xff8000, 0x808000, 0x008080, 0x008000, 0x800000],
];

export const DVD_PALETTE = COLOURS.map((colour) => ({
  ...{ red: colour >> 16, green: (colour >> 8) & 0xff, blue: colour & 0xff },
}));

/** Files that ffmpeg writes of one track. */
export interface PictureFiles {
  /** All of it as packets of DVD subtitles, and what is where in it. */
  readonly packets: string;
  readonly list: string;
  /** The same as it is in the film: DVB's packets tell the size of their canvas, and when nothing is shown. */
  readonly raw: string;
  readonly rawList: string;
}

/** The encoder refuses places outside its canvas, whose size it does not always know; packets say nothing of it. */
const LARGEST = "4096x4096";

const QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"];

const outputs = (
  index: number,
  { packets, list, raw, rawList }: PictureFiles,
): readonly string[] => {
  const palette = COLOURS.map((colour) => colour.toString(16).padStart(6, "0")).join(",");
  const dvd = ["-map", `0:${index}`, "-c:s", "dvdsub", "-palette", palette, "-s", LARGEST];
  const copy = ["-map", `0:${index}`, "-c:s", "copy"];
  return [
    ...[...dvd, "-f", "data", fileUrl(packets)],
    ...[...dvd, "-f", "framecrc", fileUrl(list)],
    ...[...copy, "-f", "data", fileUrl(raw)],
    ...[...copy, "-f", "framecrc", fileUrl(rawList)],
  ];
};

/** ffmpeg arguments that turn a whole track of pictures of a film in one part into packets of DVD subtitles, with times of the film. */
export const pictureSubtitleArguments = (request: {
  readonly source: Source;
  readonly part: FilmPart;
  readonly index: number;
  readonly files: PictureFiles;
}): string[] => {
  const { source, part, index, files } = request;
  return [...[...QUIET, ...partInput(source, part, { zeroSeconds: 0 })], ...outputs(index, files)];
};

/** The same of a track in a file beside the film, whose clock begins with the film. */
export const besidePictureArguments = (
  { path, index }: SubtitleFile,
  files: PictureFiles,
): string[] => [...QUIET, ...sidecarInput(path), ...outputs(index, files)];
