import { existsSync } from "node:fs";
import { join } from "node:path";
import { inTestCache } from "./test-cache.ts";

/** The folder with Bun's program, where `setup.sh test` could get it; undefined: it is not here. */
export function bunFolder(): string | undefined {
  const folder = inTestCache("bun", "node_modules", ".bin");
  return existsSync(join(folder, "bun")) ? folder : undefined;
}
