import { constants, open, type FileHandle } from "node:fs/promises";
import type { ResolvedRun, Rung } from "@upreel/core";
import { rungsOf, type FaceStage, type FrameForm } from "@upreel/upscaler";
import { upscaledFrames } from "./frame-formats.ts";
import { frameModelOf } from "./run-frames.ts";

/** What restores faces between the inference threads and the encoder. */
export interface FacePipes {
  /** For the inference threads. */
  readonly input: FileHandle;
  /** How long the encoder let the stage wait since this was asked last. */
  encoderMs(): number;
  /** Nobody waits for more faces. */
  stop(): void;
  /** Lets what is on its way reach the encoder, which then gets no more. */
  finish(): Promise<void>;
}

export interface FacePipesRequest {
  readonly stage: FaceStage;
  /** A FIFO for this alone. */
  readonly fifo: string;
  /** The encoder's. */
  readonly output: FileHandle;
  readonly onRefused: ((rung: Rung, reason: Parameters<OnFailed>[0]) => void) | undefined;
  /** From this frame of the run on no faces are restored. */
  readonly onLost: ((frame: number) => void) | undefined;
}
type OnFailed = Parameters<FaceStage["run"]>[0]["onFailed"];

/** Whether any rung of a run restores faces: else frames go from the inference threads to the encoder. */
export const needsFaceStage = (order: ResolvedRun): boolean =>
  rungsOf(order).some(({ faces }) => faces !== undefined);

export async function openFacePipes(
  order: ResolvedRun,
  { stage, fifo, output, onRefused, onLost }: FacePipesRequest,
): Promise<FacePipes> {
  const rungs = rungsOf(order);
  // A FIFO that is opened for both ends has both: neither of the other two waits.
  const both = await open(fifo, constants.O_RDWR);
  let from: FileHandle | undefined;
  let input: FileHandle;
  try {
    from = await open(fifo, constants.O_RDONLY);
    input = await open(fifo, constants.O_WRONLY);
  } catch (thrown) {
    await from?.close();
    throw thrown;
  } finally {
    await both.close();
  }
  const job = stage.run({
    form: formOf(order),
    works: rungs.map(({ faces }) => faces),
    ...{ inputFd: from.fd, outputFd: output.fd },
    onFailed: (reason, frame) => {
      if (frame !== undefined) onLost?.(frame);
      for (const rung of rungs) if (rung.faces !== undefined) onRefused?.(rung, reason);
    },
  });
  // Who writes into it when the stage is gone is told so by a broken pipe.
  const over = job.done.then(() => from.close());
  return {
    input,
    encoderMs: () => job.encoderMs(),
    stop: () => job.stop(),
    async finish() {
      await input.close();
      await over;
    },
  };
}

function formOf(order: ResolvedRun): FrameForm {
  const { matrix, range, chromaLocation } = order.output.colour;
  return {
    ...upscaledFrames(frameModelOf(order), order.output),
    ...{ matrix: matrix ?? "bt709", range: range ?? "tv", chromaLocation },
  };
}
