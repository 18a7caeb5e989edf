import { rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Output, Reason, ResolvedRun, Rung } from "@upreel/core";
import {
  encodeArguments,
  encodeSound,
  makeFifo,
  makeScratchFolder,
  startDecoder,
  startEncoder,
  unreadableLine,
  type DecodeRequest,
  type DecoderProcess,
  type EncoderProcess,
  type FfmpegProcess,
} from "@upreel/media";
import type { FaceStage } from "@upreel/upscaler";
import { needsFaceStage, openFacePipes, type FacePipes } from "./face-pipes.ts";
import { makeRunFolder } from "./run-folder.ts";
import { openFifo } from "./fifos.ts";
import { decodedFrames, ownChromaSize, upscaledFrames } from "./frame-formats.ts";
import { frameModelOf, type FramesOfRun } from "./run-frames.ts";

/** The ffmpegs of a run. */
export interface RunTools {
  /** Path or name of the ffmpeg to run. */
  readonly ffmpeg: string;
  /** Only runs that restore faces need it. */
  readonly faceStage?: FaceStage | undefined;
  /** What a run may change to cannot be loaded; what is before it goes on. */
  readonly onRungRefused?: ((rung: Rung, reason: Reason) => void) | undefined;
  /** From this frame of the run on no faces are restored, whatever its rung says. */
  readonly onFacesLost?: ((frame: number) => void) | undefined;
}

/** Everything that a run opened, closed in reverse. */
export interface RunPipes {
  readonly scratch: string;
  readonly decoder: DecoderProcess;
  readonly encoder: EncoderProcess;
  readonly input: FileHandle;
  /** The encoder's, or that of the stage before it. */
  readonly output: FileHandle;
  readonly faces: FacePipes | undefined;
  /** All frames are written: the encoder gets them, and no more. */
  finish(): Promise<void>;
}

/** On a failed start nothing is left: no process, no folder. */
export async function openPipes(
  order: ResolvedRun,
  tools: RunTools,
  frames: FramesOfRun,
  signal: AbortSignal,
): Promise<RunPipes> {
  const { source, timeline } = order;
  const frameModel = frameModelOf(order);
  const output = order.encodesSound === true ? encodeSound(order.output, source) : order.output;
  signal.throwIfAborted();
  await using stack = new AsyncDisposableStack();
  await makeRunFolder(order.folder);
  // In the temporary folder: the disk of the data may know no FIFOs.
  const scratch = await makeScratchFolder(tmpdir(), "upreel-run-");
  stack.defer(() => rm(scratch, { recursive: true, force: true }));
  const decoded = join(scratch, "decoded");
  const upscaled = join(scratch, "upscaled");
  await makeFifo(decoded, upscaled);

  const decoder = await startDecoder(decodeRequest(order, output, frames, decoded), {
    ffmpeg: tools.ffmpeg,
    name: "decoder",
  });
  stack.defer(() => end(decoder));
  const { fromSegment, toSegment } = order;
  const encoder = startEncoder(
    encodeArguments({
      source,
      timeline,
      output,
      fromSegment,
      toSegment,
      frames: upscaledFrames(frameModel, output),
      fifo: upscaled,
      folder: order.folder,
    }),
    output.audio.kind === "aac"
      ? { source, timeline, audio: output.audio, fromSegment, toSegment }
      : undefined,
    {
      ffmpeg: tools.ffmpeg,
      name: "encoder",
      // Of the sound that it copies: it would end it there, as if the film had no more of it.
      killOnLine: (line) => unreadableLine(line, source.path) !== undefined,
    },
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
  const faces = await openFaces(order, tools, scratch, outputHandle);
  signal.removeEventListener("abort", kill);
  stack.move();
  return {
    ...{ scratch, decoder, encoder, input, output: faces?.input ?? outputHandle, faces },
    async finish() {
      await faces?.finish();
      await outputHandle.close();
    },
  };
}

/** The frames of a run as its networks take them. */
function decodeRequest(
  order: ResolvedRun,
  output: Output,
  frames: FramesOfRun,
  target: string,
): DecodeRequest {
  const frameModel = frameModelOf(order);
  const { pixelFormat, width, height } = decodedFrames(frameModel, output);
  return {
    source: order.source,
    timeline: order.timeline,
    output,
    ...{ firstFrame: frames.first, frames: frames.count },
    pixelFormat,
    hasFullChroma: frameModel.kind === "planes",
    chromaSize: ownChromaSize(frameModel, output),
    size: { width, height },
    toneMapDevice: order.toneMapDevice,
    target,
  };
}

async function openFaces(
  order: ResolvedRun,
  { faceStage: stage, onRungRefused: onRefused, onFacesLost: onLost }: RunTools,
  scratch: string,
  output: FileHandle,
): Promise<FacePipes | undefined> {
  if (stage === undefined || !needsFaceStage(order)) return undefined;
  const fifo = join(scratch, "faces");
  await makeFifo(fifo);
  return openFacePipes(order, { stage, fifo, output, onRefused, onLost });
}

async function end(process: FfmpegProcess): Promise<void> {
  process.kill();
  await process.exited;
}

export async function closePipes(opened: RunPipes): Promise<void> {
  // Closing twice is harmless: the encoder's pipe is closed early where a run ends well.
  await opened.finish().catch(() => {});
  await opened.input.close().catch(() => {});
  // What is left of it, two empty pipes, is no reason for a run to fail.
  await rm(opened.scratch, { recursive: true, force: true }).catch(() => {});
}
