import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { constants, setPriority } from "node:os";
import { inspect } from "node:util";
import { createFaceStage, createUpscaler } from "@upreel/upscaler";
import { createWorker } from "./worker.ts";

/**
 * The data plane: one process, one running upscale. It obeys typed messages of the gateway that
 * started it and leaves when their channel closes, however the gateway ended.
 */
if (process.send === undefined) {
  process.stderr.write("upreel worker: started by the gateway only (no IPC channel)\n");
  process.exit(2);
}
// Lower than the gateway's priority, so that it answers while frames fill the cores; ffmpegs inherit it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

// Not process.exit, nor the usual end by an error: those wait for threads that block in a pipe, for ever.
const exit = (): void => void process.kill(process.pid, "SIGKILL");
process.on("uncaughtException", (error) => {
  try {
    writeSync(process.stderr.fd, `${inspect(error)}\n`);
  } finally {
    exit();
  }
});

const worker = createWorker({
  upscaler: createUpscaler({ threads: Number(process.argv[2]) }),
  ffmpeg: process.argv[3] ?? "ffmpeg",
  faceStage: createFaceStage(),
  // A gateway that is gone is told of by "disconnect", not by each message that misses it.
  send: (event) => void process.send?.(event, undefined, undefined, () => {}),
  exit,
});
process.on("message", (message) => worker.receive(message));
process.on("disconnect", () => worker.leave());
// The gateway decides when to end: a Ctrl-C in a terminal reaches the whole process group.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
worker.start();
// It ends by SIGKILL, which would lose what is loaded.
flushCompileCache();
