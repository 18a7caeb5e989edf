import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const modules = dirname(dirname(createRequire(import.meta.url).resolve("vitest/package.json")));

/** Where `setup.sh test` puts what is installed nowhere; nothing of it need be there. */
export const inTestCache = (...names: readonly string[]): string =>
  join(modules, ".cache", ...names);
