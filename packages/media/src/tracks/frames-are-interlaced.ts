import { ffprobeFramesSchema } from "../ffmpeg/ffprobe-json.ts";
import { ffprobe } from "../ffmpeg/ffprobe.ts";

const FRAMES_TO_LOOK_AT = 8;

/** What the first pictures of a track say of themselves. */
export async function framesAreInterlaced(
  path: string,
  index: number,
  tools: { ffprobe: string },
  signal: AbortSignal,
): Promise<boolean> {
  const args = [
    ...["-select_streams", String(index), "-show_entries", "frame=interlaced_frame"],
    ...["-read_intervals", `%+#${FRAMES_TO_LOOK_AT}`],
  ];
  const { frames } = await ffprobe(ffprobeFramesSchema, path, args, tools, signal);
  return frames.some((frame) => frame.interlaced_frame === 1);
}
