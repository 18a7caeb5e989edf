import { parseRational, toNumber, type FilmTiming, type Rational } from "@upreel/core";
import { isBroadcast } from "../ffmpeg/broadcast-format.ts";
import { parseSeconds, type FfprobeFile, type FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import { filmRate } from "../look/fields/field-filters.ts";
import { chooseRate } from "./frame-rate.ts";
import { certainEnd } from "../packet-index/certain-end.ts";
import { findPieces, type ClockPiece } from "../packet-index/clock-pieces.ts";
import { beginOf, layPieces, type LaidFilm } from "../packet-index/lay-pieces.ts";
import type { PacketIndex } from "../packet-index/packet-index.ts";
import { endOfTrack } from "../tracks/track-end.ts";

export interface TimingRequest {
  readonly probe: FfprobeFile;
  readonly stream: FfprobeStream;
  /** Indexes of the sound tracks that belong to the picture. */
  readonly sounds: readonly number[];
  /** The index of the film's own sound among them. */
  readonly mainSound: number | undefined;
  readonly isInterlaced: boolean;
  /** Whether it is telecined: five pictures of the video are made of four of film. */
  readonly isTelecine: boolean;
  readonly claimed: readonly (Rational | undefined)[];
  readonly index: PacketIndex;
  /** The rate and the first frame that the film was begun with, which stay. */
  readonly grid?: FilmGrid | undefined;
}

/** The frames of a timeline, without their number. */
export type FilmGrid = Pick<FilmTiming, "rate" | "zeroMicros">;

/** undefined: there is no picture at all. */
export function timeFilm(request: TimingRequest): FilmTiming | undefined {
  const { probe, stream, index, isInterlaced, claimed, grid, sounds } = request;
  const pieces = piecesOf(request);
  const tracks = { video: stream.index, mainSound: request.mainSound };
  const own =
    grid?.rate ??
    chooseRate({
      runs: pieces.map(({ parts }, n) => ({
        times: parts.find(({ track }) => track === stream.index)?.pictures ?? new Float64Array(),
        zeroMicros: n === 0 && pieces[0] !== undefined ? beginOf(pieces[0], tracks) : undefined,
      })),
      tickMicros: tickMicrosOf(stream),
      isInterlaced,
      claimed,
    });
  if (own === undefined) return undefined;
  const rate = request.isTelecine && grid === undefined ? filmRate(own) : own;
  if (pieces.length === 0) return untimed(request, rate);
  const isGrowing = index.end.why === "growing";
  const laid = layPieces({
    ...{ pieces, ...tracks, rate, opensBytes: isBroadcast(probe.format.format_name) },
    zeroMicros: grid?.zeroMicros,
    certainMicros: isGrowing ? certainEnd(pieces, stream.index, sounds) : undefined,
  });
  if (index.end.why === "end" || isGrowing) return { rate, ...laid };
  const isProvisional = index.end.why === "stopped";
  return { rate, ...stretch(laid, request, rate), ...(isProvisional ? { isProvisional } : {}) };
}

const piecesOf = ({ index, stream, sounds, probe }: TimingRequest): ClockPiece[] =>
  filmPieces(index, { video: stream.index, sounds, format: probe.format.format_name });

/** The pieces of the film that `video` is the picture of; none where it has no packet. */
export function filmPieces(
  { tracks }: PacketIndex,
  film: { readonly video: number; readonly sounds: readonly number[]; readonly format: string },
): ClockPiece[] {
  const video = tracks.find(({ track }) => track === film.video);
  if (video === undefined) return [];
  const heard = tracks.filter(({ kind, track }) => kind === "audio" && film.sounds.includes(track));
  const hasOwnClock = isBroadcast(film.format);
  // In a film without sound a picture may stand for any time, except in broadcasts.
  const closesHoles = heard.some(({ fragments }) => fragments.length > 0) || hasOwnClock;
  return findPieces(video, heard, { closesHoles, hasOwnClock });
}

/** If not all packets were read, the length in the header counts if it is longer. */
function stretch(laid: LaidFilm, request: TimingRequest, rate: Rational): LaidFilm {
  if (laid.pieces !== undefined && laid.pieces.length > 1) return laid;
  const end = claimedEndSeconds(request.probe, request.stream);
  if (end === undefined) return { zeroMicros: laid.zeroMicros, frameCount: laid.frameCount };
  const claimed = Math.round((end - laid.zeroMicros / 1e6) * toNumber(rate));
  return { zeroMicros: laid.zeroMicros, frameCount: Math.max(laid.frameCount, claimed) };
}

/** The length of a raw stream, which has no times: its packets are counted. */
function untimed(request: TimingRequest, rate: Rational): FilmTiming | undefined {
  const { index, stream, probe } = request;
  const zeroMicros = Math.round((parseSeconds(probe.format.start_time) ?? 0) * 1e6);
  const counted = index.tracks.find(({ track }) => track === stream.index)?.untimed ?? 0;
  const end = claimedEndSeconds(probe, stream);
  const claimed = end === undefined ? 0 : Math.round((end - zeroMicros / 1e6) * toNumber(rate));
  const isCounted = index.end.why === "end" || index.end.why === "growing";
  const frameCount = isCounted ? counted : Math.max(counted, claimed);
  return frameCount === 0 ? undefined : { zeroMicros, rate, frameCount };
}

/** Seconds on the container's clock at which the last picture ends, as the header says. */
export function claimedEndSeconds(probe: FfprobeFile, stream: FfprobeStream): number | undefined {
  const zeroSeconds = parseSeconds(probe.format.start_time) ?? 0;
  const whole = parseSeconds(probe.format.duration);
  const endOfFile = whole === undefined ? undefined : zeroSeconds + whole;
  const own = endOfTrack(stream, zeroSeconds);
  // A tag that another program forgot to update can promise more than the file has.
  const isBelievable = own !== undefined && own <= (endOfFile ?? own) + 1;
  return isBelievable ? own : endOfFile;
}

function tickMicrosOf(stream: FfprobeStream): number {
  const timeBase = parseRational(stream.time_base);
  return timeBase === undefined ? 1_000 : Math.max(1, toNumber(timeBase) * 1e6);
}
