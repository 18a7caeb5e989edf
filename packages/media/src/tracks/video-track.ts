import { parseRational, type VideoTrack } from "@upreel/core";
import { colourOf } from "../picture/colour.ts";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import { describeHdr } from "../hdr/describe-hdr.ts";

const STILL_CODECS = new Set(["mjpeg", "png", "bmp", "gif", "webp", "tiff"]);

/** A track of stills is a cover if another track has so many times as many pictures. */
const SLIDE_SHARE = 20;

const isCover = (stream: FfprobeStream): boolean =>
  stream.disposition?.attached_pic === 1 ||
  stream.disposition?.still_image === 1 ||
  stream.tags?.["mimetype"]?.startsWith("image/") === true ||
  // Cover art without its flag: a still codec that has no rate and no default flag.
  (STILL_CODECS.has(stream.codec_name ?? "") &&
    parseRational(stream.avg_frame_rate) === undefined &&
    stream.disposition?.default !== 1);

/**
 * The film's own picture: the default video track, else the first; never a cover. A track of one
 * picture is the film only where no other one is.
 * `pictures`: how many each track has, by counting; without it, the numbers that the file claims are used.
 */
export function chooseVideoStream(
  streams: readonly FfprobeStream[],
  pictures?: ReadonlyMap<number, number>,
): FfprobeStream | undefined {
  const real = streams.filter(
    (stream) =>
      stream.codec_type === "video" &&
      !isCover(stream) &&
      (stream.width ?? 0) > 0 &&
      (stream.height ?? 0) > 0,
  );
  const countOf = ({ index, nb_frames }: FfprobeStream): number =>
    pictures === undefined ? Number(nb_frames ?? 2) : (pictures.get(index) ?? 0);
  const most = Math.max(0, ...real.map(countOf));
  // A cover may have two packets; beside a film of stills there is no track with so many more pictures.
  const isSlide = (stream: FfprobeStream): boolean =>
    STILL_CODECS.has(stream.codec_name ?? "") && countOf(stream) * SLIDE_SHARE < most;
  const moving = real.filter((stream) => countOf(stream) > 1 && !isSlide(stream));
  const choice = moving.length > 0 ? moving : real;
  return choice.find((stream) => stream.disposition?.default === 1) ?? choice[0];
}

/** Degrees clockwise that a player turns the picture. The matrix counts the other way round. */
function rotationOf(stream: FfprobeStream): VideoTrack["rotation"] {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const tag = Number(stream.tags?.["rotate"]);
  const clockwise = matrix === undefined ? (Number.isFinite(tag) ? tag : 0) : -matrix;
  const quarter = ((Math.round(clockwise / 90) % 4) + 4) % 4;
  return ([0, 90, 180, 270] as const)[quarter] ?? 0;
}

export function bitDepthOf(stream: Pick<FfprobeStream, "bits_per_raw_sample" | "pix_fmt">): number {
  const raw = Number(stream.bits_per_raw_sample);
  if (Number.isInteger(raw) && raw > 0) return raw;
  const named = /(?:p|gray|gbrap?|p0|x2rgb)(9|10|12|14|16)(?:le|be)?$/.exec(stream.pix_fmt ?? "");
  return named === null ? 8 : Number(named[1]);
}

/** `undefined` if the header does not say it, so that only the frames can tell. */
export function fieldOrderSaysInterlaced(stream: FfprobeStream): boolean | undefined {
  switch (stream.field_order) {
    case "tt":
    case "bb":
    case "tb":
    case "bt":
      return true;
    case "progressive":
      return false;
    default:
      return undefined;
  }
}

/** Codecs that can be coded interlaced; for others an unknown field order means progressive. */
export const canBeInterlaced = (codec: string): boolean =>
  ["h264", "mpeg2video", "mpeg4", "vc1", "dvvideo", "prores", "mpeg1video", "hevc"].includes(codec);

/** Codecs without a filter that smooths the edges of blocks: MPEG-1, MPEG-2, MPEG-4 part 2 (DivX, Xvid) and their kin. */
export const leavesBlocks = (codec: string): boolean =>
  /^(mpeg1video|mpeg2video|mpeg4|msmpeg4.*|h263.*|flv1|wmv[12]|mjpeg)$/.test(codec);

export function describeVideo(stream: FfprobeStream, isInterlaced: boolean): VideoTrack {
  const bitDepth = bitDepthOf(stream);
  return {
    index: stream.index,
    codec: stream.codec_name ?? "unknown",
    profile: stream.profile,
    pixelFormat: stream.pix_fmt ?? "unknown",
    bitDepth,
    width: stream.width ?? 1,
    height: stream.height ?? 1,
    sampleAspect: parseRational(stream.sample_aspect_ratio) ?? { num: 1, den: 1 },
    rotation: rotationOf(stream),
    isInterlaced,
    averageRate: parseRational(stream.avg_frame_rate),
    realRate: parseRational(stream.r_frame_rate),
    colour: colourOf(stream),
    hdr: describeHdr(stream, bitDepth),
  };
}
