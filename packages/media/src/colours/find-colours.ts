import {
  MOST_COLOURS,
  timelinePieces,
  toNumber,
  type ColourChange,
  type FilmTiming,
  type PieceSpan,
  type Rational,
} from "@upreel/core";
import { isBroadcast } from "../ffmpeg/broadcast-format.ts";
import { colourOf, completeColour } from "../picture/colour.ts";
import { describeHdr } from "../hdr/describe-hdr.ts";
import { frameOfPicture } from "../packet-index/lost-pictures.ts";
import { FILM_ONLY, fileUrl, filmSlice } from "../ffmpeg/media-input.ts";
import { bitDepthOf } from "../tracks/video-track.ts";
import { readColours, type SeenColours } from "./read-colours.ts";

export interface FindRequest {
  readonly path: string;
  readonly track: number;
  /** As ffprobe's demuxer is named. */
  readonly format: string;
  readonly timing: FilmTiming;
  /** The longest time between pictures that can be decoded by themselves, where it is known. */
  readonly groupSeconds: number | undefined;
  readonly isThorough: boolean;
}

/** The colours of a film's first pictures, and where they change. */
export interface FoundColours {
  /** undefined: nothing could be read. */
  readonly first: Omit<ColourChange, "firstFrame"> | undefined;
  readonly changes: readonly ColourChange[];
}

/** Nobody looked. */
export const NO_COLOURS: FoundColours = { first: undefined, changes: [] };

/** So long a piece is looked at as a whole: its key frames are decoded, where these are some of many. */
const SHORT_SECONDS = 60;
const LEAST_GROUP_SECONDS = 0.2;
/** Of a longer one so many places. */
const PLACES = 6;
const PLACES_OF_ALL = 24;
/** Pieces beyond these keep the colours of the one before. */
const MOST_LOOKED_AT = 32;
/** Transport streams are searched by times, and seeks land anywhere: a key frame is near. */
const NEAR_SECONDS = 2;

/** Finds out where the colours of a film change by decoding key frames, ever closer to where they do. */
export async function findColours(
  request: FindRequest,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<FoundColours> {
  if (!isWorthLooking(request)) return NO_COLOURS;
  const { frameCount } = request.timing;
  const pieces = timelinePieces(request.timing).slice(0, MOST_LOOKED_AT);
  const all: Seen[] = [];
  for (const piece of pieces) all.push(...(await lookAtPiece(request, piece, tools, signal)));
  const [first, ...others] = all;
  const changes: ColourChange[] = [];
  let before = first;
  for (const each of others) {
    if (before === undefined || isSame(each, before)) continue;
    const { firstFrame } = each;
    if (firstFrame > 0 && firstFrame < frameCount && changes.length < MOST_COLOURS) {
      changes.push(each);
    }
    before = each;
  }
  return { first, changes };
}

/**
 * Whether that is done before a film is planned: recordings are joined of others. Where it is rare, it is
 * looked for when all of a film is read.
 */
const isWorthLooking = ({ format, timing, isThorough }: FindRequest): boolean =>
  isThorough ||
  isBroadcast(format) ||
  timing.pieces !== undefined ||
  timing.frameCount / toNumber(timing.rate) <= SHORT_SECONDS;

type Seen = ColourChange & { readonly micros: number };

async function lookAtPiece(
  request: FindRequest,
  piece: PieceSpan,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Seen[]> {
  const { path, track, timing, format, isThorough } = request;
  const { fromByte, toByte } = piece;
  const input =
    fromByte === undefined
      ? [...FILM_ONLY, fileUrl(path)]
      : filmSlice(path, { from: fromByte, to: toByte ?? 0 });
  const read = async (intervals: string | undefined): Promise<Seen[]> => {
    const seen = await readColours({ input, track, intervals }, tools, signal);
    return seen.map((each) => describe(each, piece, timing.rate));
  };
  const seconds = (piece.endFrame - piece.firstFrame) / toNumber(timing.rate);
  const begin = piece.clockMicros / 1e6;
  if (seconds <= SHORT_SECONDS && (request.groupSeconds ?? 0) >= LEAST_GROUP_SECONDS) {
    const isAll = fromByte !== undefined || timing.pieces === undefined;
    return read(isAll ? undefined : `${begin.toFixed(3)}%${(begin + seconds).toFixed(3)}`);
  }
  const near = isBroadcast(format) ? `+${NEAR_SECONDS}` : "+#1";
  const some = async (from: number, to: number, count: number): Promise<Seen[]> => {
    const step = (to - from) / count;
    const at = Array.from({ length: count }, (_, n) => (from + n * step).toFixed(3));
    return read(at.map((time) => `${time}%${near}`).join(","));
  };
  let seen = await some(begin, begin + seconds, isThorough ? PLACES_OF_ALL : PLACES);
  // Each round is that many times closer to where colours change.
  for (let round = 0; round < 4; round += 1) {
    const gaps = seen.flatMap((each, n) => {
      const next = seen[n + 1];
      return next === undefined || isSame(each, next) ? [] : [[each.micros, next.micros] as const];
    });
    if (gaps.length === 0 || gaps.length > PLACES) break;
    const more: Seen[] = [];
    for (const [from, to] of gaps) {
      const isClose = to - from <= SHORT_SECONDS * 1e6;
      const [a, b] = [from / 1e6, to / 1e6];
      more.push(
        ...(await (isClose ? read(`${a.toFixed(3)}%${b.toFixed(3)}`) : some(a, b, PLACES))),
      );
    }
    const known = new Set(seen.map(({ micros }) => micros));
    const fresh = more.filter(({ micros }) => !known.has(micros));
    if (fresh.length === 0) break;
    seen = [...seen, ...fresh].sort((x, y) => x.micros - y.micros);
  }
  return seen;
}

function describe(seen: SeenColours, piece: PieceSpan, rate: Rational): Seen {
  // A decoder that has begun with another range keeps the name of its format, which says nothing then.
  const pixelFormat = (seen.pix_fmt ?? "unknown").replace(/^yuvj/, "yuv");
  const bitDepth = bitDepthOf({ pix_fmt: seen.pix_fmt });
  const hdr = describeHdr(seen, bitDepth);
  const known = colourOf(seen);
  const range = seen.color_range === "tv" ? "tv" : known.range;
  const colour: ColourChange["colour"] = { ...known, ...(range === undefined ? {} : { range }) };
  const frame = piece.firstFrame + frameOfPicture(seen.micros, piece.clockMicros, rate);
  return {
    ...{
      micros: seen.micros,
      firstFrame: Math.max(piece.firstFrame, frame),
      pixelFormat,
      bitDepth,
    },
    colour: hdr === undefined ? completeColour(colour, seen.height ?? 0) : colour,
    ...(hdr === undefined ? {} : { hdr }),
  };
}

/** Light that changes from scene to scene is no other colour. */
function isSame(a: ColourChange, b: ColourChange): boolean {
  const [x, y] = [a.colour, b.colour];
  return (
    a.pixelFormat === b.pixelFormat &&
    a.hdr?.base === b.hdr?.base &&
    x.range === y.range &&
    x.matrix === y.matrix &&
    x.primaries === y.primaries &&
    x.transfer === y.transfer &&
    x.chromaLocation === y.chromaLocation
  );
}
