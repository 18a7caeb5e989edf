import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Manifest of Mesa's Vulkan driver in software, for VK_DRIVER_FILES, where `setup.sh test` could get it; undefined: it is
 * not here. It is installed nowhere: models would be tried on it.
 */
export function softwareVulkan(): string | undefined {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve("vitest/package.json")));
  const manifest = join(modules, ".cache", "lavapipe", "icd.json");
  return existsSync(manifest) ? manifest : undefined;
}
