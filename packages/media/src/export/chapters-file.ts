import type { Source } from "@upreel/core";

/** The chapters of a film as ffmpeg reads them (`-f ffmetadata`), in milliseconds of the film. */
export function chaptersFile(chapters: Source["chapters"]): string {
  const entries = chapters.flatMap(({ startSeconds, endSeconds, title }) => [
    ...["[CHAPTER]", "TIMEBASE=1/1000"],
    ...[`START=${Math.round(startSeconds * 1e3)}`, `END=${Math.round(endSeconds * 1e3)}`],
    ...(title === undefined ? [] : [`title=${escape(title)}`]),
  ]);
  return `${[";FFMETADATA1", ...entries].join("\n")}\n`;
}

const escape = (text: string): string => text.replaceAll(/[\\=;#\n]/g, String.raw`\$&`);
