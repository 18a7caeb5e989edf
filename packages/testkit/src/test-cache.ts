import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A path in the folder where `setup.sh test` puts things that it does not install. Perhaps nothing is there. */
export function inTestCache(...names: readonly string[]): string {
  const vitest = createRequire(import.meta.url).resolve("vitest/package.json");
  return join(dirname(dirname(vitest)), ".cache", ...names);
}
