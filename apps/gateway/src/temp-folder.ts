import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeScratchFolder } from "@upreel/media";
import { useTempFolder } from "./config.ts";

/**
 * A temporary folder for this process and all that it starts: what workers leave that were killed in the
 * midst of something goes with it, at the end of this process or, if that was killed, at the next start.
 */
export async function openTempFolder(): Promise<AsyncDisposable> {
  const path = await makeScratchFolder(tmpdir(), "upreel-gateway-");
  useTempFolder(path);
  return { [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
