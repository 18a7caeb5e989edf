import {
  UpreelError,
  framesPerSegment,
  parseRational,
  toNumber,
  type FileIdentity,
  type Rational,
  type Source,
  type Timeline,
} from "@upreel/core";
import { countPictures } from "./count-pictures.ts";
import {
  ffprobeFileSchema,
  ffprobeFramesSchema,
  ffprobePacketsSchema,
  parseSeconds,
  type FfprobeFile,
  type FfprobePacket,
  type FfprobeStream,
} from "./ffprobe-json.ts";
import { ffprobe } from "./ffprobe.ts";
import { measureRate } from "./frame-rate.ts";
import { readLight } from "./hdr/read-light.ts";
import { isLengthDoubtful, requirePlausibleLength } from "./plausible-length.ts";
import { endOfTrack } from "./track-end.ts";
import { describeAudio, describeChapter, describeSubtitle, streamsOfProgramme } from "./tracks.ts";
import {
  canBeInterlaced,
  chooseVideoStream,
  describeVideo,
  fieldOrderSaysInterlaced,
} from "./video-track.ts";

/** What probing a file gives: the source, and its timeline but for the cut in segments. */
export interface Probed {
  readonly source: Source;
  /** The container's start time in microseconds. */
  readonly zeroMicros: number;
  readonly rate: Rational;
  readonly frameCount: number;
}

const STEPS_TO_MEASURE = 300;
const FRAMES_TO_LOOK_AT = 8;

/**
 * Reads what a file holds, by two ffprobes at the same time.
 * Throws `source_unreadable`, `source_no_video` or `source_too_long`; that the file exists is the caller's to check.
 */
export async function probeSource(
  file: FileIdentity,
  tools: { ffprobe: string },
  signal: AbortSignal,
): Promise<Probed> {
  const read = [`%+#${STEPS_TO_MEASURE}`];
  const [about, timing] = await Promise.allSettled([
    ffprobe(
      ffprobeFileSchema,
      file.path,
      ["-show_format", "-show_streams", "-show_programs", "-show_chapters"],
      tools,
      signal,
    ),
    ffprobe(
      ffprobePacketsSchema,
      file.path,
      [
        ...["-select_streams", "V", "-show_entries", "packet=stream_index,pts,dts"],
        ...["-read_intervals", ...read],
      ],
      tools,
      signal,
    ),
  ]);
  if (about.status === "rejected") throw about.reason;
  const probe = about.value;
  const stream = requireVideo(file.path, probe);
  const streams = streamsOfProgramme(probe, stream);
  const packets =
    timing.status === "fulfilled"
      ? timing.value.packets.filter((packet) => packet.stream_index === stream.index)
      : [];

  const isInterlaced =
    fieldOrderSaysInterlaced(stream) ??
    (canBeInterlaced(stream) &&
      (await framesAreInterlaced(file.path, stream.index, tools, signal)));
  const described = describeVideo(stream, isInterlaced);
  const video = await readLight(file.path, described, tools, signal);
  const rate = measureRate({
    ticks: ticksOf(packets),
    timeBase: parseRational(stream.time_base) ?? { num: 1, den: 1000 },
    isInterlaced,
    claimed: [video.averageRate, video.realRate],
  });
  if (rate === undefined) throw noVideo(file.path, "a video track without a single picture");

  const zeroSeconds = parseSeconds(probe.format.start_time) ?? 0;
  const end = endOfVideo(probe, stream, zeroSeconds);
  const count = async (): Promise<number> =>
    (await countPictures(file.path, tools, signal, stream.index)).frames;
  const counted = end === undefined ? await count() : undefined;
  const seconds = counted === undefined ? (end ?? 0) - zeroSeconds : counted / toNumber(rate);
  const claim = { ...file, zeroSeconds, seconds };
  requirePlausibleLength(claim);
  if (counted === undefined && isLengthDoubtful(claim)) {
    requirePlausibleLength({ ...claim, pictures: await count() });
  }
  const frameCount = counted ?? Math.round(seconds * toNumber(rate));
  return {
    source: {
      ...file,
      format: probe.format.format_name,
      durationSeconds: end === undefined ? undefined : Math.max(0, end - zeroSeconds),
      video,
      audio: streams
        .filter((s) => s.codec_type === "audio")
        .map((s) => describeAudio(s, zeroSeconds)),
      subtitles: streams.filter((s) => s.codec_type === "subtitle").map(describeSubtitle),
      chapters: probe.chapters.map(describeChapter),
    },
    zeroMicros: Math.round(zeroSeconds * 1e6),
    rate,
    frameCount: Math.max(1, frameCount),
  };
}

/** Cuts the timeline of a probed source into segments of about `segmentSeconds`. */
export function buildTimeline(probed: Probed, segmentSeconds: number): Timeline {
  return {
    zeroMicros: probed.zeroMicros,
    rate: probed.rate,
    frameCount: probed.frameCount,
    framesPerSegment: framesPerSegment(probed.rate, segmentSeconds),
  };
}

function requireVideo(path: string, probe: FfprobeFile): FfprobeStream {
  const stream = chooseVideoStream(probe.streams);
  if (stream !== undefined) return stream;
  const kinds = probe.streams.map((s) => `${s.codec_type ?? "unknown"} (${s.codec_name ?? "?"})`);
  throw noVideo(path, kinds.length === 0 ? "no tracks" : kinds.join(", "));
}

const noVideo = (path: string, got: string): UpreelError =>
  new UpreelError("source_no_video", `${path} has no film in it`, {
    expected: "a video track",
    got,
  });

/** AVI has PTS for some pictures only, Matroska DTS for some only. */
function ticksOf(packets: readonly FfprobePacket[]): number[] {
  const pts = packets.flatMap((packet) => packet.pts ?? []);
  const dts = packets.flatMap((packet) => packet.dts ?? []);
  return pts.length >= dts.length ? pts : dts;
}

/** Seconds on the container's clock at which the last picture ends. */
function endOfVideo(
  probe: FfprobeFile,
  stream: FfprobeStream,
  zeroSeconds: number,
): number | undefined {
  const whole = parseSeconds(probe.format.duration);
  const endOfFile = whole === undefined ? undefined : zeroSeconds + whole;
  const own = endOfTrack(stream, zeroSeconds);
  // A tag that another program forgot to update can promise more than the file has.
  const isBelievable = own !== undefined && own <= (endOfFile ?? own) + 1;
  return isBelievable ? own : endOfFile;
}

async function framesAreInterlaced(
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
