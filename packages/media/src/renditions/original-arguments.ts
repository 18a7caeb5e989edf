import { join } from "node:path";
import {
  PTS_PER_SECOND,
  PTS_OFFSET_FRAMES,
  filmParts,
  frameSeconds,
  segmentFileName,
  type FilmPart,
  type Source,
  type Timeline,
} from "@upreel/core";
import { partInput } from "../ffmpeg/part-input.ts";
import { dropOutsideGroups, segmentFiles } from "./segment-files.ts";

/** `mp4`: fragments with a header in each file; codecs that MPEG-TS has no place for, turned pictures, and 4:4:4. */
export type OriginalContainer = "ts" | "mp4";

export interface OriginalRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly container: OriginalContainer;
  /** When the key frames that the segments begin with are shown, in microseconds of the film. */
  readonly startsMicros: readonly number[];
  /** The part of the film that each of them lies in. */
  readonly parts: readonly number[];
  /** Segments [from, to) are written, as `000123.ts`; all of them lie in one part of the film. */
  readonly from: number;
  readonly to: number;
  readonly folder: string;
  /** How far before the first segment reading begins. Infinity: at the beginning of the part, which is then read to its end. */
  readonly marginSeconds: number;
}

const TS_CODECS = new Set(["h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4"]);
const MP4_CODECS = new Set(["vp9", "av1"]);

/** The container that can hold a film's pictures as they are; undefined: none that HLS knows. */
export function originalContainer({ video }: Source): OriginalContainer | undefined {
  if (MP4_CODECS.has(video.codec)) return "mp4";
  if (!TS_CODECS.has(video.codec)) return undefined;
  // hls.js, which makes MP4 of MPEG-TS, gets the size of a cropped H.264 picture wrong unless it is 4:2:0.
  const isOddH264 = video.codec === "h264" && !/420|^nv12/.test(video.pixelFormat);
  // MPEG-TS cannot say that the picture is to be turned.
  return video.rotation === 0 && !isOddH264 ? "ts" : "mp4";
}

/** The cut is before the key frame and after any picture before it, whatever a clock rounds to. */
const EARLY_SECONDS = 0.005;

/**
 * ffmpeg arguments that copy the pictures of a film into segments at its own key frames, on the clock
 * of the upscaled segments: timeline zero is at PTS_OFFSET_FRAMES.
 */
export function originalArguments(request: OriginalRequest): string[] {
  const { source, timeline, container, startsMicros, from, to, folder } = request;
  const zeroSeconds = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const startOf = (k: number): number => (startsMicros[k] ?? 0) / 1e6;
  const part = filmParts(timeline)[request.parts[from] ?? 0];
  if (part === undefined) throw new RangeError(`segment ${from} lies in no part of the film`);
  const ends = endsOf(request, part);
  const cutAt = (seconds: number): number => seconds + zeroSeconds - EARLY_SECONDS;
  const files = Array.from({ length: to - from }, (_, i) => {
    const k = from + i;
    const end = ends[i];
    return {
      path: join(folder, segmentFileName(k).replace(/ts$/, container)),
      drop: dropOutsideGroups(cutAt(startOf(k)), end === undefined ? undefined : cutAt(end)),
    };
  });
  const isBehindHole = part.bytes === undefined && part.startSeconds > 0;
  const end = ends.at(-1);
  const isBounded = end !== undefined && Number.isFinite(request.marginSeconds);
  const fromSeconds = startOf(from) - request.marginSeconds;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...partInput(source, part, { fromSeconds, zeroSeconds }),
    ...["-map", `0:${source.video.index}`, "-an", "-sn", "-dn"],
    ...(isBounded ? ["-to", (end + zeroSeconds + END_MARGIN_SECONDS).toFixed(6)] : []),
    // copytb: the times of the file, not those of a frame rate that ffmpeg takes it to have.
    ...["-c", "copy", "-copypriorss", "1", "-copytb", "1"],
    ...(source.video.codec === "hevc" && container === "mp4" ? ["-tag:v", "hvc1"] : []),
    ...(isBehindHole ? ["-bsf:v", NEAR_DECODING] : []),
    ...segmentFiles(files, MUXERS[container]),
  ];
}

/**
 * In formats that do not tell when a picture is decoded, ffmpeg makes that time up. For the first pictures behind a hole it
 * lies before the hole, and a muxer would move those pictures by as much.
 */
const NEAR_DECODING = "setts=pts=PTS:dts='max(DTS,PTS-2/TB)'";

/** Where each segment of the request ends, in seconds of the film; undefined: where the film ends. */
function endsOf({ startsMicros, parts, from, to }: OriginalRequest, part: FilmPart) {
  return Array.from({ length: to - from }, (_, i) => {
    const next = startsMicros[from + i + 1];
    if (next === undefined) return undefined;
    return parts[from + i + 1] === parts[from] ? next / 1e6 : part.endSeconds;
  });
}

/** Reading goes on for so long after the end, so that the key frame there closes the last segment. */
const END_MARGIN_SECONDS = 1;

/**
 * For fragments: times stay as they are (frag_discont, avoid_negative_ts), and with negative offsets
 * a fragment's time is that of its first picture, not of its decoding.
 */
const MUXERS = {
  ts: { f: "mpegts", mpegts_flags: "+initial_discontinuity", mpegts_copyts: "1" },
  mp4: {
    f: "mp4",
    movflags: "+frag_keyframe+empty_moov+default_base_moof+frag_discont+negative_cts_offsets",
    use_editlist: "0",
    avoid_negative_ts: "disabled",
    video_track_timescale: String(PTS_PER_SECOND),
  },
} as const;
