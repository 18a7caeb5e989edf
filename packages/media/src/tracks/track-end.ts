import { parseClock, parseSeconds, type FfprobeStream } from "../ffmpeg/ffprobe-json.ts";

/** Seconds on the container's clock at which a track ends; undefined where the file does not say. */
export function endOfTrack(stream: FfprobeStream, zeroSeconds: number): number | undefined {
  const start = parseSeconds(stream.start_time) ?? zeroSeconds;
  const duration = parseSeconds(stream.duration);
  if (duration !== undefined) return start + duration;
  // Matroska has a tag for it, to which ffmpeg writes where the track ends, and mkvmerge how long it is.
  const tags = stream.tags ?? {};
  const tagged = parseClock(tags["DURATION"] ?? tags["DURATION-eng"]);
  if (tagged === undefined || tagged <= 0) return undefined;
  const isMkvmerge = Object.keys(tags).some((name) => name.startsWith("_STATISTICS_TAGS"));
  return isMkvmerge ? start + tagged : tagged;
}
