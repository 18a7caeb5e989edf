import { readFileSync } from "node:fs";
import { UpreelError } from "@upreel/core";
import { z } from "zod";

export const cartridgeSchema = z.object({
  /** The real ffmpeg, beside the shim. */
  ffmpeg: z.string(),
  /** Of the gateway. */
  url: z.string(),
  token: z.string().optional(),
  /** Where each transcode gets a folder. */
  sessions: z.string(),
  /** How long a segment may take before the film goes on without Upreel. */
  wait_seconds: z.number().positive(),
});
/** `cartridge.json`: what the shim and those who look after it know. */
export type Cartridge = z.infer<typeof cartridgeSchema>;

export function readCartridge(path: string): Cartridge {
  try {
    return cartridgeSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new UpreelError("invalid_config", `cannot read the cartridge's ${path}`, {
      expected: "what `upreel cartridge install` wrote",
      got: String(cause).slice(0, 200),
      cause,
    });
  }
}
