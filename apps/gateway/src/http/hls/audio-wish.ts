import { UpreelError } from "@upreel/core";
import { z } from "zod";
import type { AudioWish } from "@upreel/engine";

const wishSchema = z.object({
  audio: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .optional(),
  channels: z.enum(["2", "6"]).default("2"),
  codecs: z.string().default("aac"),
});

/**
 * What the query of master.m3u8 says of the sound; other parameters belong to others. `audio`: index
 * of the stream in the file; `channels`: 2 or 6; `codecs`: what the player can play, where `ac3`
 * keeps Dolby sound of 5.1 channels as it is.
 */
export function parseAudioWish(query: unknown): AudioWish {
  const parsed = wishSchema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UpreelError("bad_request", `cannot use the parameter ${issue?.path.join(".")}`, {
      expected: "audio=<index of an audio stream>, channels=2 or 6, codecs=aac,ac3",
      got: issue?.message,
    });
  }
  const { audio, channels, codecs } = parsed.data;
  const isDolby = codecs.toLowerCase().split(",").includes("ac3");
  return { track: audio, layout: channels === "2" ? "stereo" : isDolby ? "dolby" : "surround" };
}
