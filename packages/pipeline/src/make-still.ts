import { open, stat, writeFile } from "node:fs/promises";
import { UpreelError, type Rung, type StillOrder } from "@upreel/core";
import { pictureArguments, startDecoder, startFfmpeg, type FfmpegProcess } from "@upreel/media";
import { createUpscaler } from "@upreel/upscaler";
import { decodedFrames, ownChromaSize, upscaledFrames, type RawFrames } from "./frame-formats.ts";

/**
 * Makes a PNG of one frame of a film; returns what the network took for it, in milliseconds of one
 * thread. Throws `decoder_failed`, `model_unusable`, `inference_failed` or `encoder_failed`.
 */
export async function makeStill(
  order: StillOrder,
  { ffmpeg }: { readonly ffmpeg: string },
): Promise<{ inferenceMs: number | null }> {
  const { output, rung } = order;
  const decoded = `${order.target}.decoded`;
  const upscaled = `${order.target}.upscaled`;
  const frames =
    rung === null
      ? ({
          pixelFormat: "yuv420p",
          width: output.inputWidth,
          height: output.inputHeight,
        } as const)
      : decodedFrames(rung.model, output);
  await decodeFrame(order, frames, decoded, ffmpeg);
  const isPlain = rung === null || rung.model.kind === "copy";
  const inferenceMs = isPlain ? null : await infer(rung, frames, decoded, upscaled);
  const picture = {
    output,
    frames: rung === null ? frames : upscaledFrames(rung.model, output),
    raw: isPlain ? decoded : upscaled,
    target: order.target,
    scaler: rung === null ? ("bicubic" as const) : ("lanczos" as const),
  };
  const encoder = startFfmpeg(pictureArguments(picture), { ffmpeg, name: "picture encoder" });
  await requireSuccess(encoder, "encoder_failed", "ffmpeg cannot write the picture");
  return { inferenceMs };
}

async function decodeFrame(
  { source, timeline, output, frame, rung }: StillOrder,
  { pixelFormat, width, height }: RawFrames,
  target: string,
  ffmpeg: string,
): Promise<void> {
  // The decoder's output is there before it starts, as a FIFO would be.
  await writeFile(target, "");
  const hasFullChroma = rung?.model.kind === "planes";
  const size = { width, height };
  const decoder = await startDecoder(
    {
      source,
      timeline,
      output,
      firstFrame: frame,
      frames: 1,
      pixelFormat,
      hasFullChroma,
      chromaSize: rung === null ? undefined : ownChromaSize(rung.model, output),
      size,
      target,
    },
    { ffmpeg, name: "decoder" },
  );
  await requireSuccess(decoder, "decoder_failed", `ffmpeg cannot decode frame ${frame}`);
  const { size: bytes } = await stat(target);
  if (bytes > 0) return;
  throw new UpreelError("source_truncated", `the film has no frame ${frame}`, {
    expected: "a picture there",
    got: "the end of the film",
  });
}

/** Milliseconds with reading and writing; the network is loaded before. */
async function infer(
  rung: Rung,
  { width, height }: RawFrames,
  inputPath: string,
  outputPath: string,
): Promise<number> {
  await using upscaler = createUpscaler({ threads: 1 });
  await upscaler.load(rung);
  await using input = await open(inputPath, "r");
  await using output = await open(outputPath, "w");
  const started = performance.now();
  const { why } = await upscaler.process({
    ...{ rung, width, height, frames: 1, inputFd: input.fd, outputFd: output.fd },
    onInputEnded: async () => "stop",
  }).done;
  if (why === "all") return performance.now() - started;
  throw new UpreelError("inference_failed", "the network gave no picture", { got: why });
}

async function requireSuccess(
  ffmpeg: FfmpegProcess,
  code: "decoder_failed" | "encoder_failed",
  message: string,
): Promise<void> {
  const { exitCode, stderrTail } = await ffmpeg.exited;
  if (exitCode === 0) return;
  throw new UpreelError(code, message, { got: stderrTail.split("\n").at(-1) });
}
