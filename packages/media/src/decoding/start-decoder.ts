import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { frameSeconds, toUpreelError } from "@upreel/core";
import { decodeSpans, writeColourTables, type DecodeSpan } from "../colours/colours-at.ts";
import { countDecoded, type DecodedCount } from "./count-decoded.ts";
import { decodeArguments, hasGivenNothing, type DecodeRequest } from "./decode-arguments.ts";
import { decodeMarginSeconds, nextMarginSeconds } from "./decode-seek.ts";
import { hasBegunLate } from "./refuse-start.ts";
import { saysUnreadable, unreadableLine } from "../ffmpeg/source-trouble.ts";
import {
  startFfmpeg,
  type FfmpegExit,
  type FfmpegOptions,
  type FfmpegProcess,
} from "../ffmpeg/start-ffmpeg.ts";

/** If a decoder that begins so far ahead gives nothing, the source has nothing there, unless its key frames lie further apart. */
const LONGEST_EMPTY_MARGIN_SECONDS = 200;

export interface DecoderProcess extends FfmpegProcess {
  /** How many pictures of the source were decoded for each segment; final when it has exited. */
  readonly picturesBySegment: () => ReadonlyMap<number, number>;
}

/**
 * Starts the decoder of `request`. While a seek lands after the wanted frame (key frames far apart, a picture that stands
 * for long) or on a picture that is not whole, it is started again with twice the margin. Frames that lie in several
 * pieces of the source get a decoder each, one after the other. The FIFO is held open until the last decoder is gone, so
 * that its reader sees one stream of frames and one end; open it for reading at once, since no decoder waits for its
 * reader. `pid` is the current process.
 */
export async function startDecoder(
  request: DecodeRequest,
  options: FfmpegOptions,
): Promise<DecoderProcess> {
  const { firstFrame, frames, source, timeline } = request;
  const [first, ...others] = decodeSpans(timeline, firstFrame, firstFrame + frames);
  await writeColourTables(source, timeline, request.output, request.toneMapDevice);
  const hold = await open(request.target, constants.O_RDWR | constants.O_NONBLOCK);
  let isKilled = false;
  const isOver = (): boolean => isKilled || options.signal?.aborted === true;
  const counts: PieceDecoder["count"][] = [];
  const start = (span: DecodeSpan): PieceDecoder => {
    const piece = startPiece({ ...request, ...span }, options, isOver);
    counts.push(piece.count);
    return piece;
  };
  let current: PieceDecoder;
  try {
    current = start(first ?? { firstFrame, frames });
  } catch (error) {
    await hold.close();
    throw error;
  }
  const runToEnd = async (): Promise<FfmpegExit> => {
    try {
      for (const next of others) {
        const exit = await current.exited;
        if (isOver() || exit.exitCode !== 0) return exit;
        current = start(next);
      }
      return await current.exited;
    } catch (error) {
      // It could not be started again.
      return { exitCode: undefined, signal: undefined, stderrTail: toUpreelError(error).message };
    } finally {
      await hold.close();
    }
  };
  return {
    get pid() {
      return current.pid;
    },
    exited: runToEnd(),
    kill() {
      isKilled = true;
      current.kill();
    },
    picturesBySegment: () => sumOf(counts.map((count) => count().bySegment)),
  };
}

function sumOf(counts: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const sum = new Map<number, number>();
  for (const count of counts)
    for (const [segment, pictures] of count) sum.set(segment, (sum.get(segment) ?? 0) + pictures);
  return sum;
}

/** The decoder of frames in one piece, begun again where a seek lands late; `exited` may reject. */
interface PieceDecoder extends FfmpegProcess {
  /** What the last decoder gave. */
  readonly count: () => DecodedCount;
}

function startPiece(
  request: DecodeRequest,
  options: FfmpegOptions,
  isOver: () => boolean,
): PieceDecoder {
  let marginSeconds = request.marginSeconds ?? decodeMarginSeconds(request.source);
  const start = () => {
    const wish = { ...request, marginSeconds, refusesLateStart: true, tellsPictures: true };
    const process = startFfmpeg(decodeArguments(wish), {
      ...options,
      pipes: ["more"],
      killOnLine: (line) => hasBegunLate(line) || saysUnreadable(line, request.source.path),
    });
    const count = countDecoded(request.timeline, request);
    process.more?.setEncoding("latin1").on("data", count.add);
    return { process, count, told: process.more && finished(process.more).catch(() => {}) };
  };
  let current = start();
  const { longestGroupSeconds = 0 } = request.source.video;
  const longestEmpty = Math.max(LONGEST_EMPTY_MARGIN_SECONDS, longestGroupSeconds);
  // Decoding that began with the file cannot begin earlier.
  const wantedSeconds = frameSeconds(request.timeline, request.firstFrame);
  const isTooLate = ({ exitCode, stderrTail }: FfmpegExit): boolean =>
    marginSeconds < wantedSeconds &&
    unreadableLine(stderrTail, request.source.path) === undefined &&
    (stderrTail.split("\n").some(hasBegunLate) ||
      (exitCode === 0 && hasGivenNothing(stderrTail) && marginSeconds < longestEmpty));
  const runToEnd = async (): Promise<FfmpegExit> => {
    for (;;) {
      const exit = await current.process.exited;
      await current.told;
      if (isOver() || !isTooLate(exit)) return exit;
      marginSeconds = nextMarginSeconds(marginSeconds);
      current = start();
    }
  };
  return {
    get pid() {
      return current.process.pid;
    },
    exited: runToEnd(),
    kill: () => current.process.kill(),
    count: () => current.count,
  };
}
