import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecodeRequest } from "./decode-arguments.ts";
import { holdFifo, type HeldFifo } from "../ffmpeg/hold-fifo.ts";
import { lowerPriority } from "../ffmpeg/lower-priority.ts";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { makeScratchFolder } from "../ffmpeg/scratch-folder.ts";
import { startDecoder } from "./start-decoder.ts";
import type { FfmpegExit, FfmpegOptions, FfmpegProcess } from "../ffmpeg/start-ffmpeg.ts";

/** Pictures that decoders give, one decoder after the other, while an ffmpeg makes something of the pictures. */
export interface PicturesBeside {
  readonly request: Omit<DecodeRequest, "target">;
  /** Starts the ffmpeg that reads them, as raw frames, from `fifo`. */
  readonly read: (fifo: string) => FfmpegProcess;
}

/**
 * Settles when both have ended. Gives the exit of the ffmpeg, or that of the decoder if it failed: the ffmpeg is killed then,
 * before it sees the end of the pictures, since it would take that for the end of the film. Rejects if one of them cannot be
 * started.
 */
export async function decodeBeside(
  { request, read }: PicturesBeside,
  options: Pick<FfmpegOptions, "ffmpeg" | "signal">,
  niceness?: number,
): Promise<FfmpegExit> {
  // In the temporary folder: the disk of the data may know no FIFOs.
  const scratch = await makeScratchFolder(tmpdir(), "upreel-pictures-");
  try {
    const fifo = join(scratch, "pictures");
    await makeFifo(fifo);
    await using pictures = await holdFifo(fifo);
    const decoder = await startDecoder(
      { ...request, target: fifo },
      { ...options, name: "decoder" },
    );
    lowerPriority(decoder.pid, niceness);
    return await untilBothEnd(decoder, () => read(fifo), pictures);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function untilBothEnd(
  decoder: FfmpegProcess,
  start: () => FfmpegProcess,
  pictures: HeldFifo,
): Promise<FfmpegExit> {
  let reader: FfmpegProcess;
  try {
    reader = start();
  } catch (thrown) {
    decoder.kill();
    await decoder.exited;
    throw thrown;
  }
  let isRead = false;
  const decoded = decoder.exited.then(async (exit) => {
    const hasFailed = !isRead && exit.exitCode !== 0;
    if (hasFailed) reader.kill();
    await pictures.end(() => isRead);
    return hasFailed ? exit : undefined;
  });
  // Without their end it would read for ever.
  decoded.catch(() => reader.kill());
  const exit = await reader.exited;
  isRead = true;
  // The ffmpeg has all the pictures that it wants, or it failed: nobody reads further ones.
  decoder.kill();
  return (await decoded) ?? exit;
}
