import { parseRational, toNumber, type FilmTiming, type Scan } from "@upreel/core";
import { parseSeconds, type FfprobeFile, type FfprobeStream } from "../ffprobe-json.ts";
import { timeFilm, type TimingRequest } from "../time-film.ts";
import { fieldOrderSaysInterlaced } from "../video-track.ts";
import { lookAtFields } from "./look-at-fields.ts";

/** By what is known of a film before its packets are. */
export async function findScan(
  film: {
    readonly path: string;
    readonly format: FfprobeFile["format"];
    readonly stream: FfprobeStream;
    readonly isThorough: boolean;
  },
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<Scan | undefined> {
  const { path, format, stream, isThorough } = film;
  const { index: track, width = 0, height = 0 } = stream;
  const request = {
    ...{ path, track, width, height, isFlagged: fieldOrderSaysInterlaced(stream) },
    rate: parseRational(stream.avg_frame_rate) ?? parseRational(stream.r_frame_rate),
    seconds: parseSeconds(format.duration),
  };
  return lookAtFields(request, tools, signal, { isThorough });
}

/** Video that is made of film has no other rates. */
const VIDEO_RATES = [29, 31] as const;

/** The timeline at the rate of the film where a film was made video of. */
export function timeByScan(
  request: Omit<TimingRequest, "isTelecine">,
  scan: Scan | undefined,
): { readonly timing: FilmTiming | undefined; readonly scan: Scan | undefined } {
  const timing = timeFilm({ ...request, isTelecine: false });
  if (scan?.kind !== "telecine" || timing === undefined) return { timing, scan };
  const rate = toNumber(timing.rate);
  // What looks like it at another rate keeps all of its pictures.
  if (rate < VIDEO_RATES[0] || rate > VIDEO_RATES[1]) {
    return { timing, scan: { ...scan, kind: "mixed" } };
  }
  return { timing: timeFilm({ ...request, isTelecine: true }), scan };
}
