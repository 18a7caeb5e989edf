import {
  segmentFrames,
  toReason,
  toUpreelError,
  type ResolvedRun,
  type RunEnd,
  type UpreelError,
} from "@upreel/core";
import type { FrameJob, RunningFrameJob } from "@upreel/upscaler";
import { encoderFailure } from "./encoder-failure.ts";
import { judgeEndOfInput } from "./end-of-input.ts";
import type { FramesOfRun } from "./run-frames.ts";
import { closePipes, type RunPipes } from "./run-pipes.ts";

/** What befalls a run: whoever learns of it notes it here, and its end is told by it. */
export interface RunFate {
  isCancelled: boolean;
  isEncoderGone: boolean;
  /** The film is shorter than it says. */
  hasEndedEarly: boolean;
  /** Why the decoder gave too few pictures. */
  decoderFailure: UpreelError | undefined;
  /** An ffmpeg, and not by this process. */
  wasKilled: boolean;
}

export const UNTOUCHED: Readonly<RunFate> = {
  ...{ isCancelled: false, isEncoderGone: false, hasEndedEarly: false, wasKilled: false },
  decoderFailure: undefined,
};

/** What the threads are to do where the decoder gave no more pictures than `frame`. */
export async function meetEndOfInput(
  order: ResolvedRun,
  { decoder, encoder }: RunPipes,
  { frames, frame }: { readonly frames: FramesOfRun; readonly frame: number },
  fate: RunFate,
): ReturnType<FrameJob["onInputEnded"]> {
  const exit = await decoder.exited;
  if (fate.isCancelled || fate.isEncoderGone) return "stop";
  const end = await judgeEndOfInput(order, frames, frame, exit);
  if (end.verdict === "stop") {
    fate.decoderFailure = end.error;
    fate.wasKilled = end.wasKilled;
  }
  if (end.verdict === "finish") {
    fate.hasEndedEarly = true;
    encoder.endSoundAfter(frame);
  }
  return end.verdict;
}

/** Waits for the threads and both ffmpegs, and closes what was opened. Never rejects. */
export async function endRun(
  order: ResolvedRun,
  pipes: RunPipes,
  job: RunningFrameJob,
  fate: RunFate,
): Promise<RunEnd> {
  const { decoder, encoder } = pipes;
  const lostEncoder = async (symptom: string): Promise<UpreelError> => {
    const { error, wasKilled } = await encoderFailure(order, encoder, symptom);
    fate.wasKilled = wasKilled;
    return error;
  };
  try {
    const result = await job.done;
    if (fate.isCancelled) return { why: "cancelled", frames: result.frames };
    if (fate.decoderFailure !== undefined) throw fate.decoderFailure;
    if (result.why === "stopped") throw await lostEncoder("it left early");
    decoder.kill();
    await pipes.finish();
    const exit = await encoder.exited;
    if (fate.isCancelled) return { why: "cancelled", frames: result.frames };
    if (exit.exitCode !== 0) throw await lostEncoder("it failed at the end");
    return { why: fate.hasEndedEarly ? "source_truncated" : "finished", frames: result.frames };
  } catch (thrown) {
    if (fate.isCancelled) return { why: "cancelled", frames: job.frames() };
    const known = toUpreelError(thrown);
    const hasLostEncoder = known.code === "encoder_failed" && known.cause === undefined;
    const error = hasLostEncoder ? await lostEncoder(known.got ?? "") : known;
    const { wasKilled } = fate;
    return { why: "failed", frames: job.frames(), reason: toReason(error), wasKilled };
  } finally {
    encoder.kill();
    decoder.kill();
    await Promise.all([encoder.exited, decoder.exited]);
    await closePipes(pipes);
  }
}

/** How many pictures were decoded of each segment of which all frames were made, from the first one on. */
export function picturesOfSegments(
  { timeline, fromSegment, toSegment }: ResolvedRun,
  frames: number,
  bySegment: ReadonlyMap<number, number>,
): number[] {
  const made = segmentFrames(timeline, fromSegment).first + frames;
  const decoded: number[] = [];
  for (let k = fromSegment; k < toSegment && segmentFrames(timeline, k).end <= made; k += 1)
    decoded.push(bySegment.get(k) ?? 0);
  return decoded;
}
