import {
  filmPartAt,
  formatRational,
  frameSeconds,
  pieceAt,
  pieceSpans,
  toNumber,
  type Output,
  type PieceSpan,
  type Source,
  type Timeline,
} from "@upreel/core";
import { trackAt } from "../colours/colours-at.ts";
import { TELL_PICTURES } from "./count-decoded.ts";
import { decodeMarginSeconds, needsWholeStart, wantedFrame } from "./decode-seek.ts";
import { joinFields, markFields, undoTelecine } from "../look/fields/field-filters.ts";
import { onDevice } from "../hdr/tone-map-filters.ts";
import { keepShape } from "./keep-shape.ts";
import { ROUNDING_SHIFT } from "../packet-index/lost-pictures.ts";
import { fileUrl } from "../ffmpeg/media-input.ts";
import { partInput, seekSeconds } from "../ffmpeg/part-input.ts";
import { pictureFilters } from "./picture-filters.ts";
import type { Size } from "../picture/picture-size.ts";
import { REFUSE_TORN_START, refuseLateStart } from "./refuse-start.ts";
import { tightenTimes } from "./tighten-times.ts";

export interface DecodeRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly firstFrame: number;
  /** At most so many frames are written. */
  readonly frames: number;
  /**
   * The format of the frames. `yuv444p` is for ×2 luma networks unless `hasFullChroma`: Y goes through the
   * network, U and V are the 4:2:0 chroma of the doubled picture, sited right for it.
   */
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  /** All planes of `yuv444p` go through the network: its chroma lies where its luma does. */
  readonly hasFullChroma?: boolean | undefined;
  /**
   * For `yuv444p`: U and V are the 4:2:0 chroma of an output that is not doubled, of this size. They come after Y in rows as
   * wide as Y's, in columns (`chromaStrips`) where they are wider; what is to the right of them means nothing.
   */
  readonly chromaSize?: Size | undefined;
  /** Default: inputWidth × inputHeight of `output`. */
  readonly size?: Size | undefined;
  /** The Vulkan device, by its place in ffmpeg's list, on which HDR becomes SDR; undefined: the processor does it. */
  readonly toneMapDevice?: number | undefined;
  /** FIFO that the raw frames are written to. */
  readonly target: string;
  /** How far before `firstFrame` decoding begins. Default: `decodeMarginSeconds`. */
  readonly marginSeconds?: number | undefined;
  /** A seek that lands after `firstFrame`, or on no whole picture, gives a line on stderr and no frame, not a wrong one. */
  readonly refusesLateStart?: boolean | undefined;
  /** Each picture that is decoded is told on descriptor 3 (`countDecoded`). */
  readonly tellsPictures?: boolean | undefined;
}

/** Whether ffmpeg says that no picture came at all. */
export const hasGivenNothing = (stderr: string): boolean => stderr.includes("Output file is empty");

/**
 * ffmpeg arguments that write raw frames of the timeline, from `firstFrame` on, to `target`: no more of
 * them than there are in the piece of the source that holds it.
 */
export function decodeArguments(request: DecodeRequest): string[] {
  const { input, filters, frames, track } = decoding(request);
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...input,
    ...["-map", `0:${track}`, "-an", "-sn", "-dn"],
    ...["-vf", filters],
    ...["-fps_mode", "passthrough", "-frames:v", String(frames)],
    // Whole frames to write(2): going through ffmpeg's buffer costs a sixth of this process.
    ...["-f", "rawvideo", "-avioflags", "direct", fileUrl(request.target)],
  ];
}

/** What decodes frames of the timeline, whatever becomes of them: `filters` end with pictures at its rate. */
interface Decoding {
  readonly input: readonly string[];
  readonly filters: string;
  readonly frames: number;
  /** Of the pictures in the first input. */
  readonly track: number;
}

export function decoding(request: Omit<DecodeRequest, "target">): Decoding {
  const { timeline, firstFrame } = request;
  const video = trackAt(request.source, timeline, firstFrame);
  return decodingOf({ ...request, source: { ...request.source, video } });
}

/** The same for a source whose description holds for the pictures of this span. */
function decodingOf(request: Omit<DecodeRequest, "target">): Decoding {
  const { source, timeline, firstFrame } = request;
  const span = pieceSpans(timeline, firstFrame, firstFrame + request.frames)[0];
  if (span === undefined) throw new RangeError(`no frames from ${firstFrame} on`);
  const part = filmPartAt(timeline, frameSeconds(timeline, span.firstFrame));
  const wantedSeconds = frameSeconds(timeline, wantedFrame(timeline, span));
  const marginSeconds = request.marginSeconds ?? decodeMarginSeconds(source);
  const fromSeconds = wantedSeconds - marginSeconds;
  const place = {
    clockSeconds: wantedSeconds - part.offsetSeconds,
    isSought: seekSeconds(source, part, fromSeconds) !== undefined,
    isWhole: needsWholeStart(source, marginSeconds),
  };
  // Sizes that change in mid-film must not begin the filters, and with them the count, anew.
  const options = ["-threads", DECODER_THREADS, "-reinit_filter", "0"];
  return {
    input: [...deviceOf(request), ...partInput(source, part, { fromSeconds, options })],
    filters: filtersOf(request, span, place),
    ...{ frames: span.endFrame - span.firstFrame, track: source.video.index },
  };
}

const deviceOf = ({ source, toneMapDevice }: Omit<DecodeRequest, "target">): string[] =>
  toneMapDevice === undefined || source.video.hdr === undefined ? [] : onDevice(toneMapDevice);

/** Each frame thread holds pictures; ffmpeg would take sixteen on a large machine. */
const DECODER_THREADS = "4";

interface FirstPicture {
  /** When the first wanted picture is shown, on the source's clock. */
  readonly clockSeconds: number;
  /** Whether the decoder gets there by a seek. */
  readonly isSought: boolean;
  /** Whether the first decoded picture has to stand alone. */
  readonly isWhole: boolean;
}

function filtersOf(
  request: Omit<DecodeRequest, "target">,
  span: PieceSpan,
  { clockSeconds, isSought, isWhole }: FirstPicture,
): string {
  const { source, timeline, output } = request;
  const size = request.size ?? { width: output.inputWidth, height: output.inputHeight };
  // Half a frame before: what is rounded down from there is the nearest frame.
  const start = (clockSeconds - (0.5 + ROUNDING_SHIFT) / toNumber(timeline.rate)).toFixed(6);
  const telecine = source.video.scan?.kind === "telecine" ? telecineOf(request, span) : undefined;
  const neededSeconds = telecine?.fromSeconds ?? clockSeconds;
  return [
    ...(request.tellsPictures === true ? TELL_PICTURES : []),
    ...markFields(source.video),
    ...(timeline.colours === undefined
      ? keepShape(source)
      : [
          ...keepShape(source, source.video.colour.range ?? "tv"),
          `format=${source.video.pixelFormat}`,
        ]),
    ...joinFields(source.video),
    // fps rounds its start_time to this time base; that of AVI is a whole picture.
    "settb=1/1000000",
    ...(source.video.hasLooseTimes === true
      ? [tightenTimes(timeline.rate, source.video.longestUntoldSeconds)]
      : []),
    ...(isSought && request.refusesLateStart === true
      ? [
          ...(isWhole ? [REFUSE_TORN_START] : []),
          refuseLateStart(neededSeconds + 0.5 / toNumber(timeline.rate)),
        ]
      : []),
    ...(telecine?.filters ?? []),
    // Each frame shows the picture nearest to its time; before the first picture, that one repeats. Not by
    // round=near: the end, which ffmpeg 5 puts where the last picture begins, is rounded up (eof_action=pass),
    // and where that picture is rounded up, too, it would be lost.
    `fps=${formatRational(timeline.rate)}:start_time=${start}:round=down:eof_action=pass`,
    ...pictureFilters(request, size),
    "setsar=1",
    ...(staysAtEnd(timeline, span) ? ["tpad=stop=-1:stop_mode=clone"] : []),
  ].join(",");
}

function telecineOf(
  { source, timeline }: Pick<DecodeRequest, "source" | "timeline">,
  span: PieceSpan,
) {
  const piece = pieceAt(timeline, span.firstFrame);
  return undoTelecine({
    ...{ video: source.video, rate: timeline.rate, piece, shift: 0.5 + ROUNDING_SHIFT },
    frame: wantedFrame(timeline, span) - piece.firstFrame,
  });
}

/** Whether the last picture is repeated to the end of the span, because it was planned so or because another piece follows. */
function staysAtEnd(timeline: Timeline, { firstFrame, endFrame, stillFrom }: PieceSpan): boolean {
  const piece = pieceAt(timeline, firstFrame);
  const isFollowed = endFrame === piece.endFrame && endFrame < timeline.frameCount;
  return isFollowed || endFrame > (stillFrom ?? Infinity);
}
