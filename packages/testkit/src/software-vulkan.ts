import { existsSync } from "node:fs";
import { inTestCache } from "./test-cache.ts";

/**
 * Manifest of Mesa's Vulkan driver in software, for VK_DRIVER_FILES, where `setup.sh test` could get it; undefined: it is
 * not here. It is installed nowhere: models would be tried on it.
 */
export function softwareVulkan(): string | undefined {
  const manifest = inTestCache("lavapipe", "icd.json");
  return existsSync(manifest) ? manifest : undefined;
}
