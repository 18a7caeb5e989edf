import { open } from "node:fs/promises";
import { basename } from "node:path";
import { directCalls } from "../direct-calls.ts";

/** The process for files on a machine where looking at `dead` never ends: opening a pipe takes a thread for ever. */
Object.assign(directCalls, {
  look: async (path: string) => {
    if (basename(path) === "dead") await open(path, "r");
    if (basename(path) === "deadly") process.exit(1);
    return { real: path, kind: "other", sizeBytes: 0, modifiedMs: 0, device: "1" };
  },
});
await import("../files-process.ts");
