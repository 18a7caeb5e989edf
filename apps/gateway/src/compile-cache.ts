import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url));

/**
 * Keeps compiled code beside the packages for this process and, by their environment, for those that
 * it starts: a gateway listens in three quarters of the time then. Where the folder cannot be written nothing
 * is kept. Processes that are killed rather than ended say when: `flushCompileCache`.
 */
export function keepCompiledCode(): void {
  // It may be set to a folder elsewhere, or by NODE_DISABLE_COMPILE_CACHE be off.
  const directory = (process.env["NODE_COMPILE_CACHE"] ??= FOLDER);
  enableCompileCache(directory);
}
