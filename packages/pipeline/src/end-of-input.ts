import { UpreelError, type ResolvedRun } from "@upreel/core";
import type { FfmpegExit } from "@upreel/media";
import { describeExit, wasKilledByOthers } from "./encoder-failure.ts";
import { frameModelOf, type FramesOfRun } from "./run-frames.ts";
import { sourceTrouble } from "./source-trouble.ts";

export type EndOfInput =
  /** The last picture is shown up to the end. */
  | { readonly verdict: "repeat" }
  /** The film ends there. */
  | { readonly verdict: "finish" }
  | { readonly verdict: "stop"; readonly error: UpreelError; readonly wasKilled: boolean };

/** What it means that the decoder gave no more pictures than `frame`, too few for its run. */
export async function judgeEndOfInput(
  order: ResolvedRun,
  { first, count }: FramesOfRun,
  frame: number,
  exit: FfmpegExit,
): Promise<EndOfInput> {
  const { timeline, source, fillsHole } = order;
  const trouble = await sourceTrouble(order, exit, first + frame);
  if (trouble !== undefined) return { verdict: "stop", error: trouble, wasKilled: false };
  // Without a first picture only frames that pass as they are can be filled: with black ones.
  const canFill = frame > 0 || frameModelOf(order).kind === "copy";
  if (fillsHole === true && canFill) return { verdict: "repeat" };
  if (exit.exitCode !== 0) {
    const error = new UpreelError("decoder_failed", `ffmpeg stopped decoding ${source.path}`, {
      expected: `${count} pictures`,
      got: `${frame}; ${describeExit(exit)}`,
    });
    return { verdict: "stop", error, wasKilled: wasKilledByOthers(exit) };
  }
  // Files say a little more than they hold, at their end.
  const missing = timeline.frameCount - (first + frame);
  const isEnd = frame > 0 && missing <= 2 * timeline.framesPerSegment;
  return { verdict: isEnd ? "repeat" : "finish" };
}
