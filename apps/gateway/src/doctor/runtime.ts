import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Finding } from "@upreel/core";
import { bad, good, sentence } from "./findings.ts";

const run = promisify(execFile);
const LONGEST_MS = 60_000;
const UPSCALER = JSON.stringify(import.meta.resolve("@upreel/upscaler"));
/** Prints which providers it was built with. */
const LOAD = `require(require("node:module").createRequire(${UPSCALER}).resolve("onnxruntime-node")).listSupportedBackends().map(({ name }) => name).join(", ")`;

/**
 * Loads ONNX Runtime in a process of its own: a missing system library would end this one, and a driver that hangs
 * would hold it up. Rejects with nothing; `signal` ends the process, as `longestMs` does.
 */
export async function checkRuntime(
  signal: AbortSignal,
  { script = LOAD, longestMs = LONGEST_MS } = {},
): Promise<Finding> {
  const deadline = AbortSignal.timeout(longestMs);
  try {
    const { stdout } = await run(process.execPath, ["-p", script], {
      signal: AbortSignal.any([signal, deadline]),
      killSignal: "SIGKILL",
    });
    return good("runtime", "runtime_works", { backends: stdout.trim() });
  } catch (thrown) {
    if (deadline.aborted && !signal.aborted)
      return bad("runtime", "runtime_hangs", { seconds: longestMs / 1_000 });
    return bad("runtime", "runtime_broken", { reason: sentence(thrown) });
  }
}
