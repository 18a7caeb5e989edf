import type { VideoTrack } from "@upreel/core";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import type { PacketIndex } from "./packet-index.ts";

/** What packets say of how far the pictures of a track are apart that can be decoded by themselves. */
export function groupsIn(
  { tracks }: PacketIndex,
  { index }: FfprobeStream,
): Pick<VideoTrack, "longestGroupSeconds" | "hasLooseTimes" | "longestUntoldSeconds"> {
  const log = tracks.find(({ track }) => track === index);
  if (log === undefined) return {};
  const longestUntoldSeconds = log.longestUntoldMicros / 1e6;
  return {
    longestGroupSeconds: log.longestGroupMicros / 1e6,
    ...(log.sharedTimes > 0 ? { hasLooseTimes: true, longestUntoldSeconds } : {}),
  };
}
