import { stat } from "node:fs/promises";
import { z } from "zod";
import { parseSeconds } from "../ffmpeg/ffprobe-json.ts";
import { ffprobe, longestReadMs } from "../ffmpeg/ffprobe.ts";

const countSchema = z.looseObject({
  streams: z
    .array(
      z.looseObject({
        nb_read_packets: z.string().optional(),
        start_time: z.string().optional(),
        duration: z.string().optional(),
      }),
    )
    .default([]),
});

/**
 * Pictures of a video track, counted by reading the file without decoding it: of the one with the
 * index `track`, else of the first one that is no attached picture.
 */
export async function countPictures(
  file: string,
  tools: { ffprobe: string },
  signal: AbortSignal,
  track?: number,
): Promise<{ frames: number; durationSeconds: number; startSeconds: number }> {
  const args = [
    ...["-select_streams", track === undefined ? "V:0" : String(track), "-count_packets"],
    ...["-show_entries", "stream=nb_read_packets,start_time,duration"],
  ];
  // A film of two hours is several gigabytes.
  const { size } = await stat(file);
  const { streams } = await ffprobe(countSchema, file, args, tools, signal, longestReadMs(size));
  const stream = streams[0];
  return {
    frames: Number(stream?.nb_read_packets ?? 0),
    durationSeconds: parseSeconds(stream?.duration) ?? 0,
    startSeconds: parseSeconds(stream?.start_time) ?? 0,
  };
}
