import { parseSeconds, type FfprobeFile, type FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import type { PacketIndex } from "../packet-index/packet-index.ts";

/**
 * What a file says of its own end. `whole`: a header that was written last promises what is there.
 * `unfinished`: one that lacks what is written last. `open`: it may end anywhere, or ends too early.
 */
export type FileEnding = "whole" | "open" | "unfinished";

/** Formats with their length in the header, which is known only when the file has been written to its end. */
const IS_MEASURED_AT_END = /^(matroska|flv|live_flv|asf)/;

export function endingOf(
  { format }: FfprobeFile,
  { nb_frames }: FfprobeStream,
  { end }: PacketIndex,
): FileEnding {
  const isMeasured = (parseSeconds(format.duration) ?? 0) > 0;
  if (IS_MEASURED_AT_END.test(format.format_name) && !isMeasured) return "unfinished";
  if (end.why === "broken") return "open";
  if (format.format_name.startsWith("matroska")) return "whole";
  // The header of a file that is written in fragments counts no pictures.
  const isCounted = Number(nb_frames ?? 0) > 0;
  return isCounted ? "whole" : "open";
}
