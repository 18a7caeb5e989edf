import { mkdir, rm, statfs, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  UpreelError,
  segmentFrames,
  toReason,
  toUpreelError,
  type RunEnd,
  type RunOrder,
} from "@upreel/core";
import {
  encodeArguments,
  makeFifo,
  makeScratchFolder,
  startDecoder,
  startFfmpeg,
  type FfmpegProcess,
} from "@upreel/media";
import type { RunningFrameJob, Upscaler } from "@upreel/upscaler";
import { openFifo } from "./fifos.ts";
import { decodedFrames, upscaledFrames } from "./frame-formats.ts";

const ENCODER_PATIENCE_MS = 1_000;

export interface RunDependencies {
  readonly upscaler: Upscaler;
  /** Path or name of the ffmpeg to run. */
  readonly ffmpeg: string;
  /** Device of a hardware encoder, for example /dev/dri/renderD128. */
  readonly device?: string | undefined;
}

export interface UpscaleRun {
  /** Ids of the two ffmpeg processes. */
  readonly pids: readonly number[];
  /** Settles once, when both ffmpegs have exited and no thread works for this run. */
  readonly ended: Promise<RunEnd>;
  frames(): number;
  /** Inference saved so far, in frames. */
  saved(): number;
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** Everything that a run opened, closed in reverse. */
interface Opened {
  readonly scratch: string;
  readonly decoder: FfmpegProcess;
  readonly encoder: FfmpegProcess;
  readonly input: FileHandle;
  readonly output: FileHandle;
}

/**
 * Makes the segments of `order`: decoder ▶ network ▶ encoder, joined by two FIFOs that the inference
 * threads read and write themselves. On any early end the encoder is killed, never just starved: it
 * would end its segment early and publish it as whole. `signal` ends the start only, which then
 * rejects; a run that has started is ended by its `cancel`.
 */
export async function startUpscale(
  order: RunOrder,
  deps: RunDependencies,
  signal: AbortSignal,
): Promise<UpscaleRun> {
  const { timeline } = order;
  const firstFrame = segmentFrames(timeline, order.fromSegment).first;
  const frames = segmentFrames(timeline, order.toSegment - 1).end - firstFrame;
  const opened = await openPipes(order, deps, firstFrame, frames, signal);
  const { decoder, encoder } = opened;

  const size = decodedFrames(order.rung.model, order.output);
  let cancelled = false;
  let decoderFailure: UpreelError | undefined;
  let hasEndedEarly = false;
  let isEncoderGone = false;

  const job: RunningFrameJob = deps.upscaler.process({
    rung: order.rung,
    width: size.width,
    height: size.height,
    frames,
    inputFd: opened.input.fd,
    outputFd: opened.output.fd,
    onInputEnded: async (frame) => {
      const exit = await decoder.exited;
      if (cancelled || isEncoderGone) return "stop";
      if (order.fillsHole === true && (frame > 0 || order.rung.model.kind === "copy")) {
        return "repeat";
      }
      if (exit.exitCode !== 0) {
        decoderFailure = new UpreelError(
          "decoder_failed",
          `ffmpeg stopped decoding ${order.source.path}`,
          { expected: `${frames} pictures`, got: `${frame}; ${describeExit(exit)}` },
        );
        return "stop";
      }
      const missing = timeline.frameCount - (firstFrame + frame);
      if (frame > 0 && missing <= 2 * timeline.framesPerSegment) return "repeat";
      hasEndedEarly = true;
      return "finish";
    },
  });
  // A dead encoder must not leave the threads waiting for a decoder that waits for them, or for a
  // disk that does not answer.
  void encoder.exited.then(() => {
    isEncoderGone = true;
    job.stop();
    decoder.kill();
  });

  const finish = async (): Promise<RunEnd> => {
    try {
      const result = await job.done;
      if (cancelled) return { why: "cancelled", frames: result.frames };
      if (decoderFailure !== undefined) throw decoderFailure;
      if (result.why === "stopped") throw await encoderFailure(order, encoder, "it left early");
      decoder.kill();
      await opened.output.close();
      const exit = await encoder.exited;
      if (cancelled) return { why: "cancelled", frames: result.frames };
      if (exit.exitCode !== 0) throw await encoderFailure(order, encoder, "it failed at the end");
      return { why: hasEndedEarly ? "source_truncated" : "finished", frames: result.frames };
    } catch (thrown) {
      if (cancelled) return { why: "cancelled", frames: job.frames() };
      const known = toUpreelError(thrown);
      const hasLostEncoder = known.code === "encoder_failed" && known.cause === undefined;
      const error = hasLostEncoder ? await encoderFailure(order, encoder, known.got ?? "") : known;
      return { why: "failed", frames: job.frames(), reason: toReason(error) };
    } finally {
      encoder.kill();
      decoder.kill();
      await Promise.all([encoder.exited, decoder.exited]);
      await closePipes(opened);
    }
  };

  return {
    pids: [decoder.pid, encoder.pid],
    ended: finish(),
    frames: () => job.frames(),
    saved: () => job.saved(),
    pause: () => job.pause(),
    resume: () => job.resume(),
    cancel() {
      cancelled = true;
      encoder.kill();
      decoder.kill();
      job.stop();
    },
  };
}

/** On a failed start nothing is left: no process, no folder. */
async function openPipes(
  order: RunOrder,
  deps: RunDependencies,
  firstFrame: number,
  frames: number,
  signal: AbortSignal,
): Promise<Opened> {
  const { source, timeline, output, rung } = order;
  signal.throwIfAborted();
  await using stack = new AsyncDisposableStack();
  await mkdir(order.folder, { recursive: true });
  // In the temporary folder: the disk of the data may know no FIFOs.
  const scratch = await makeScratchFolder(tmpdir(), "upreel-run-");
  stack.defer(() => rm(scratch, { recursive: true, force: true }));
  const decoded = join(scratch, "decoded");
  const upscaled = join(scratch, "upscaled");
  await Promise.all([makeFifo(decoded), makeFifo(upscaled)]);

  const size = decodedFrames(rung.model, output);
  const decoder = await startDecoder(
    {
      source,
      timeline,
      output,
      firstFrame,
      frames,
      pixelFormat: size.pixelFormat,
      hasFullChroma: rung.model.kind === "planes",
      size: { width: size.width, height: size.height },
      target: decoded,
    },
    { ffmpeg: deps.ffmpeg, name: "decoder" },
  );
  stack.defer(() => end(decoder));
  const encoder = startFfmpeg(
    encodeArguments({
      source,
      timeline,
      output,
      fromSegment: order.fromSegment,
      toSegment: order.toSegment,
      frames: upscaledFrames(rung.model, output),
      fifo: upscaled,
      folder: order.folder,
      wantsFilm: order.wantsFilm,
      ...(deps.device === undefined ? {} : { device: deps.device }),
    }),
    { ffmpeg: deps.ffmpeg, name: "encoder" },
  );
  stack.defer(() => end(encoder));
  // An ffmpeg that waits for its input, on a disk that does not answer, has not opened its pipe.
  const kill = (): void => {
    decoder.kill();
    encoder.kill();
  };
  signal.addEventListener("abort", kill, { once: true });
  stack.defer(() => signal.removeEventListener("abort", kill));
  if (signal.aborted) kill();
  const [input, outputHandle] = await Promise.all([
    openFifo(decoded, "read", decoder),
    openFifo(upscaled, "write", encoder),
  ]);
  stack.defer(() => input.close());
  stack.defer(() => outputHandle.close());
  signal.throwIfAborted();
  signal.removeEventListener("abort", kill);
  stack.move();
  return { scratch, decoder, encoder, input, output: outputHandle };
}

async function end(process: FfmpegProcess): Promise<void> {
  process.kill();
  await process.exited;
}

async function closePipes(opened: Opened): Promise<void> {
  // Closing twice is harmless: the encoder's pipe is closed early where a run ends well.
  await opened.output.close().catch(() => {});
  await opened.input.close().catch(() => {});
  // What is left of it, two empty pipes, is no reason for a run to fail.
  await rm(opened.scratch, { recursive: true, force: true }).catch(() => {});
}

type Exit = Awaited<FfmpegProcess["exited"]>;

const describeExit = (exit: Exit): string =>
  `${exit.signal === undefined ? `exit code ${exit.exitCode}` : `killed by ${exit.signal}`}${
    exit.stderrTail === "" ? "" : `: ${exit.stderrTail}`
  }`;

/** Why the encoder is gone; one that only stopped taking frames gets a moment to say so. */
async function encoderFailure(
  order: RunOrder,
  encoder: FfmpegProcess,
  symptom: string,
): Promise<UpreelError> {
  const patience = setTimeout(() => encoder.kill(), ENCODER_PATIENCE_MS);
  const exit = await encoder.exited;
  clearTimeout(patience);
  const isFull = await isDiskFull(order.folder);
  return new UpreelError(
    isFull ? "disk_full" : "encoder_failed",
    isFull
      ? `The disk is full: ${order.folder}`
      : `ffmpeg stopped encoding with ${order.output.encoder}`,
    {
      expected: "exit code 0 after the last picture",
      got: `${symptom}; ${describeExit(exit)}`,
      cause: exit,
    },
  );
}

/** Less room than this, and ffmpeg's failed write was for want of room: it does not always say so. */
const FULL_BELOW_BYTES = 1024 * 1024;

/** False where nobody can tell, for example because the stream was removed. */
const isDiskFull = (folder: string): Promise<boolean> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL_BELOW_BYTES,
    () => false,
  );
