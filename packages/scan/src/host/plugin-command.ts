import type { PluginManifest } from "../manifest/plugin-manifest.ts";

/** What runs a plugin's entry; Node is the one that runs Upreel. */
export function pluginCommand(
  engine: PluginManifest["engine"],
  entry: string,
): readonly [string, ...string[]] {
  switch (engine) {
    case "node":
      return [process.execPath, entry];
    case "python":
      // Unbuffered: a line that is printed is told.
      return ["python3", "-u", entry];
    case "bun":
      return ["bun", "run", entry];
    case "binary":
      return [entry];
  }
}
