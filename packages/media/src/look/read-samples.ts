import { execa } from "execa";
import type { SampleFrames } from "./classify-content.ts";
import type { ContentLook } from "./film-look.ts";
import { mediaCommand } from "../ffmpeg/media-command.ts";

/** Decodes the samples; fewer where some cannot be had. Throws when ffmpeg fails. */
export async function readSamples(
  { ffmpeg, ways, width, height, pictures, longestMs }: ContentLook,
  signal: AbortSignal,
): Promise<SampleFrames> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  for (const args of ways) {
    const { stdout } = await execa(...mediaCommand(ffmpeg, args), {
      encoding: "buffer",
      stdin: "ignore",
      cancelSignal: bounded,
      killSignal: "SIGKILL",
      maxBuffer: pictures * 3 * width * height,
    });
    if (stdout.length > 0) return { bytes: stdout, width, height };
  }
  return { bytes: new Uint8Array(0), width, height };
}
