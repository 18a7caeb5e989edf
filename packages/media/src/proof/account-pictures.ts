import { segmentCount, type Source, type Timeline } from "@upreel/core";
import { isBroadcast } from "../ffmpeg/broadcast-format.ts";
import { frameOfPicture } from "../packet-index/lost-pictures.ts";
import type { ClockPiece } from "../packet-index/clock-pieces.ts";
import { placePieces } from "../packet-index/lay-pieces.ts";
import type { PacketIndex } from "../packet-index/packet-index.ts";
import type { TrackLog } from "../packet-index/track-log.ts";
import { chooseAudioTrack } from "../sound/plan-audio.ts";
import { filmPieces } from "../probing/time-film.ts";

/** What became of the pictures of a source. */
export interface PictureAccount {
  readonly pictures: number;
  /** Another one is shown in the frame of each, or they lie behind the film's last one. */
  readonly leftOut: number;
  /** The decoder made nothing of them. */
  readonly undecoded: number;
  /** The first segment that lacks one of these. */
  readonly firstUndecoded: number | undefined;
}

export interface AccountedFilm {
  readonly source: Source;
  readonly timeline: Timeline;
  /** Pictures that were decoded for each segment. */
  readonly decoded: readonly number[];
}

/** Nothing interlaced has more than 30 pictures a second: packets that are closer are fields of one. */
const CLOSEST_PICTURES_MICROS = 25_000;

const MOST_HELD_BACK = 3;
/** Pictures whose guessed times lie on the other side of a border of segments. */
const MOST_GUESSED_AWAY = 2;

/** Accounts for every picture that the packets of a source tell of. */
export function accountPictures(film: AccountedFilm, index: PacketIndex): PictureAccount {
  const { timeline, source, decoded } = film;
  const total = decoded.reduce((sum, count) => sum + count, 0);
  const { frames, pictures, isGuessed } = framesOfPictures(film, index);
  const isTelecine = source.video.scan?.kind === "telecine";
  // Where times are guessed, two pictures with one frame may be shown one after the other all the same.
  const taken = isGuessed ? 0 : frames.filter((frame, n) => frame === frames[n - 1]).length;
  const behind = pictures.filter((frame) => frame >= timeline.frameCount).length;
  const wanted = Array.from({ length: segmentCount(timeline) }, () => 0);
  for (const frame of frames) {
    const k = Math.floor(frame / timeline.framesPerSegment);
    if (k in wanted) wanted[k] = (wanted[k] ?? 0) + 1;
  }
  // An AVI does not tell when pictures are shown: the decoder gives them as much later as it holds some back.
  const heldBack = source.format === "avi" ? MOST_HELD_BACK : 0;
  // Guessed times may put a picture into the next segment: what counts is how many there are up to each.
  const areAllThere =
    isGuessed &&
    total >= frames.length - heldBack &&
    longestLag(wanted, decoded) <= Math.max(heldBack, MOST_GUESSED_AWAY);
  const missing = areAllThere ? [] : missingBySegment(wanted, decoded);
  const first = missing.findIndex((count) => count > 0);
  return {
    pictures: pictures.length,
    // Of film in video one picture in five shows nothing new.
    leftOut: isTelecine ? behind : Math.max(taken + behind, total - timeline.frameCount),
    undecoded: missing.reduce((sum, count) => sum + count, 0),
    firstUndecoded: first < 0 ? undefined : first,
  };
}

/** By how many pictures those that were decoded are behind those of the source, where that is most. */
function longestLag(wanted: readonly number[], decoded: readonly number[]): number {
  let [lag, longest] = [0, 0];
  for (const [k, count] of wanted.entries()) {
    lag += count - (decoded[k] ?? 0);
    longest = Math.max(longest, lag);
  }
  return longest;
}

/** What is missing in each segment. A picture at a border may have been counted on its other side. */
function missingBySegment(wanted: readonly number[], decoded: readonly number[]): number[] {
  const over = wanted.map((count, k) => (decoded[k] ?? 0) - count);
  return over.map((_, k) => {
    for (const near of [k - 1, k + 1]) {
      const moved = Math.min(-(over[k] ?? 0), over[near] ?? 0);
      if (moved <= 0) continue;
      over[k] = (over[k] ?? 0) + moved;
      over[near] = (over[near] ?? 0) - moved;
    }
    return Math.max(0, -(over[k] ?? 0));
  });
}

/** The frame that each picture is shown in, in order: of all, and of those that can be decoded at all. */
function framesOfPictures(
  { source, timeline }: AccountedFilm,
  index: PacketIndex,
): {
  readonly pictures: readonly number[];
  readonly frames: readonly number[];
  readonly isGuessed: boolean;
} {
  const { video, audio, format } = source;
  const log = index.tracks.find(({ track }) => track === video.index);
  const sounds = audio.map((track) => track.index);
  const pieces = filmPieces(index, { video: video.index, sounds, format });
  const isGuessed = log?.isGuessed === true;
  // Raw streams tell no times: how many pictures they have is known when they are decoded.
  if (log === undefined || pieces.length === 0) return { pictures: [], frames: [], isGuessed };
  const placed = placePieces({
    ...{ pieces, video: video.index, mainSound: chooseAudioTrack(audio)?.index },
    ...{ rate: timeline.rate, zeroMicros: timeline.zeroMicros, opensBytes: isBroadcast(format) },
  });
  const all = placed.flatMap(({ piece, firstFrame, clockMicros }) => {
    const times = picturesOf(piece, video.index);
    const own = video.isInterlaced ? joinFields(times) : times;
    const from = firstDecodable(log, piece);
    return Array.from(own, (time) => ({
      frame: firstFrame + frameOfPicture(time, clockMicros, timeline.rate),
      isDecodable: time >= from,
    }));
  });
  return {
    isGuessed,
    pictures: all.map(({ frame }) => frame),
    frames: all.flatMap(({ frame, isDecodable }) => (isDecodable ? [frame] : [])),
  };
}

const picturesOf = ({ parts }: ClockPiece, video: number): Float64Array =>
  parts.find(({ track }) => track === video)?.pictures ?? new Float64Array();

/** One time for each two that are fields of one picture. */
function joinFields(times: Float64Array): Float64Array {
  let first = Number.NEGATIVE_INFINITY;
  return times.filter((time) => {
    if (time - first < CLOSEST_PICTURES_MICROS) return false;
    first = time;
    return true;
  });
}

/**
 * When the first picture is shown that can be decoded: a recording may begin in mid-group, and no player
 * shows what needs pictures from before.
 */
function firstDecodable({ fragments }: TrackLog, piece: ClockPiece): number {
  const first = fragments.find(({ fromByte }) => fromByte >= piece.fromByte);
  return first?.firstKeyMicros ?? Number.NEGATIVE_INFINITY;
}
