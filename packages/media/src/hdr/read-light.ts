import type { VideoTrack } from "@upreel/core";
import { ffprobeSideDataSchema } from "../ffmpeg/ffprobe-json.ts";
import { ffprobe } from "../ffmpeg/ffprobe.ts";
import { peakOf } from "./describe-hdr.ts";

/** The first pictures: HEVC gives none for the first packet alone. */
const PACKETS_TO_READ = 8;

/**
 * The track with the brightest light that its first pictures tell of: where a container has no place for
 * that, as MPEG-TS, or was not told, it stands in the pictures alone.
 */
export async function readLight(
  path: string,
  video: VideoTrack,
  tools: { ffprobe: string },
  signal: AbortSignal,
): Promise<VideoTrack> {
  if (video.hdr?.base !== "pq" && video.hdr?.base !== "hlg") return video;
  const args = [
    ...["-select_streams", String(video.index), "-show_frames"],
    ...["-read_intervals", `%+#${PACKETS_TO_READ}`],
  ];
  const { frames } = await ffprobe(ffprobeSideDataSchema, path, args, tools, signal);
  const peakNits = peakOf(frames.flatMap(({ side_data_list }) => side_data_list));
  return peakNits === undefined ? video : { ...video, hdr: { ...video.hdr, peakNits } };
}
