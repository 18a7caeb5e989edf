import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { frameSeconds, toUpreelError } from "@upreel/core";
import { decodeSpans, writeColourTables } from "./colours/colours-at.ts";
import {
  decodeArguments,
  hasBegunLate,
  hasGivenNothing,
  type DecodeRequest,
} from "./decode-arguments.ts";
import { decodeMarginSeconds } from "./decode-seek.ts";
import { saysUnreadable, unreadableLine } from "./source-trouble.ts";
import {
  startFfmpeg,
  type FfmpegExit,
  type FfmpegOptions,
  type FfmpegProcess,
} from "./start-ffmpeg.ts";

/** From here on a decoder that gives nothing means that the source has nothing there, unless its key frames lie further apart. */
const LONGEST_EMPTY_MARGIN_SECONDS = 200;

/**
 * Starts the decoder of `request`, and again with twice the margin as long as a seek lands after the
 * wanted frame (key frames far apart, a picture that stands for long); one after the other for frames
 * that lie in several pieces of the source. Until the last one is gone the FIFO is held open, so that
 * its reader sees one stream of frames and one end; open it for reading at once, since a decoder does
 * not wait for its reader then. `pid` is the current process.
 */
export async function startDecoder(
  request: DecodeRequest,
  options: FfmpegOptions,
): Promise<FfmpegProcess> {
  const { firstFrame, frames, source, timeline } = request;
  const [first, ...others] = decodeSpans(timeline, firstFrame, firstFrame + frames);
  await writeColourTables(source, timeline, request.output);
  const hold = await open(request.target, constants.O_RDWR | constants.O_NONBLOCK);
  let isKilled = false;
  const isOver = (): boolean => isKilled || options.signal?.aborted === true;
  const start = (part: Partial<DecodeRequest>): PieceDecoder =>
    startPiece({ ...request, ...part }, options, isOver);
  let current: PieceDecoder;
  try {
    current = start(first ?? {});
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
  };
}

/** The decoder of frames in one piece, begun again where a seek lands late; `exited` may reject. */
type PieceDecoder = FfmpegProcess;

function startPiece(
  request: DecodeRequest,
  options: FfmpegOptions,
  isOver: () => boolean,
): PieceDecoder {
  let marginSeconds = request.marginSeconds ?? decodeMarginSeconds(request.source);
  const start = (): FfmpegProcess =>
    startFfmpeg(decodeArguments({ ...request, marginSeconds, refusesLateStart: true }), {
      ...options,
      killOnLine: (line) => hasBegunLate(line) || saysUnreadable(line, request.source.path),
    });
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
      const exit = await current.exited;
      if (isOver() || !isTooLate(exit)) return exit;
      marginSeconds *= 2;
      current = start();
    }
  };
  return {
    get pid() {
      return current.pid;
    },
    exited: runToEnd(),
    kill: () => current.kill(),
  };
}
