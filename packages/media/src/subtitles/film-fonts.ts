import { showFileName, type Source } from "@upreel/core";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import { fileUrl, filmInput } from "../ffmpeg/media-input.ts";

/** Not even a film with hundreds of languages has more fonts. */
const MOST_FONTS = 64;
const IS_FONT = /font|truetype|opentype/i;
const IS_FONT_FILE = /\.(ttf|otf)$/i;

/** The fonts for its subtitles that a film brings along, as attachments of Matroska. */
export const findFonts = (streams: readonly FfprobeStream[]): NonNullable<Source["fonts"]> =>
  streams
    .filter(
      ({ codec_type: kind, codec_name: codec, tags }) =>
        kind === "attachment" &&
        (codec === "ttf" ||
          codec === "otf" ||
          IS_FONT.test(tags?.["mimetype"] ?? "") ||
          IS_FONT_FILE.test(tags?.["filename"] ?? "")),
    )
    .slice(0, MOST_FONTS)
    .map(({ index, tags }) => ({
      index,
      name: showFileName(tags?.["filename"] ?? "").slice(0, 200),
    }));

/** ffmpeg arguments that write the font that is stream `index` of a film into a file. */
export const fontArguments = (
  { path, video }: Pick<Source, "path" | "video">,
  index: number,
  target: string,
): string[] => [
  ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y"],
  ...filmInput(path, `-dump_attachment:${index}`, target),
  // It ends with an error where it has nothing to write.
  ...["-map", `0:${video.index}`, "-c", "copy", "-t", "0", "-f", "null", fileUrl("/dev/null")],
];
