import { parseRational, type Scan } from "@upreel/core";
import { parseSeconds, type FfprobeFile, type FfprobeStream } from "../../ffmpeg/ffprobe-json.ts";
import { fieldOrderSaysInterlaced } from "../../tracks/video-track.ts";
import { lookAtFields, type HowThorough } from "./look-at-fields.ts";

/** How a film was taken, as `lookAtFields` finds it; asked by what the header says, before packets are read. */
export async function findScan(
  film: {
    readonly path: string;
    readonly format: FfprobeFile["format"];
    readonly stream: FfprobeStream;
  } & HowThorough,
  tools: Parameters<typeof lookAtFields>[1],
  signal: AbortSignal,
): Promise<Scan | undefined> {
  const { path, format, stream } = film;
  const { index: track, width = 0, height = 0 } = stream;
  const request = {
    ...{ path, track, width, height, isFlagged: fieldOrderSaysInterlaced(stream) },
    rate: parseRational(stream.avg_frame_rate) ?? parseRational(stream.r_frame_rate),
    seconds: parseSeconds(format.duration),
  };
  return lookAtFields(request, tools, signal, film);
}
