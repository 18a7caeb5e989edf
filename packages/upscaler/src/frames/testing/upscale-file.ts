import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Rung } from "@upreel/core";
import type { Upscaler } from "../../upscaler.ts";

/** A built-in network for luma by its name without `upreel-`, on the processor. */
export const builtInRung = (name: string): Rung => ({
  model: {
    ...{ id: name, hash: name },
    file: fileURLToPath(new URL(`../../../models/upreel-${name}.onnx`, import.meta.url)),
    ...{ kind: "luma", pixelFormat: "yuv444p" },
    scale: Number(/^x([\d.]+)/.exec(name)?.[1]),
  },
  provider: "cpu",
});

interface RawFilm {
  /** Frames as a decoder writes them. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Upscales all of a film into `file`.out: its bytes, and the share of inference that was saved. */
export async function upscaleFile(
  upscaler: Upscaler,
  { file, width, height, frames }: RawFilm,
  how: { readonly rung: Rung; readonly inferAll: boolean },
): Promise<{ bytes: Buffer; saved: number }> {
  const output = `${file}.out`;
  await using from = await open(file);
  await using to = await open(output, "w");
  const job = upscaler.process({
    ...{ ...how, width, height, frames, inputFd: from.fd, outputFd: to.fd },
    onInputEnded: () => Promise.resolve("stop"),
  });
  const made = (await job.done).frames;
  if (made !== frames) throw new Error(`${made} of ${frames} frames were made`);
  return { bytes: await readFile(output), saved: job.saved() / frames };
}
