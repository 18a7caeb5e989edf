import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UpreelError } from "@upreel/core";
import type { PluginManifest } from "../manifest/plugin-manifest.ts";

/** How runtimes are installed that do not come with Upreel. */
const INSTALL = { python3: "apt install python3", bun: "npm install -g bun" } as const;

/**
 * The command that runs a plugin's entry; Node is the one that runs Upreel. Throws `plugin_failed` if the runtime is not on
 * `path`, or if the entry may not be executed: the sandbox, which is what gets started, would name neither.
 */
export async function pluginCommand(
  engine: PluginManifest["engine"],
  entry: string,
  path: string,
): Promise<readonly [string, ...string[]]> {
  switch (engine) {
    case "node":
      return [process.execPath, entry];
    case "python":
      // Unbuffered: a line that is printed is told.
      return [await requireRuntime("python3", path), "-u", entry];
    case "bun":
      return [await requireRuntime("bun", path), "run", entry];
    case "binary":
      if (await isProgram(entry)) return [entry];
      throw new UpreelError(
        "plugin_failed",
        `${entry} may not be run (chmod +x, install it again)`,
      );
  }
}

async function requireRuntime(name: keyof typeof INSTALL, path: string): Promise<string> {
  const places = path.split(delimiter).filter((folder) => folder !== "");
  for (const folder of places) if (await isProgram(join(folder, name))) return name;
  throw new UpreelError(
    "plugin_failed",
    `${name} is not installed, or not on Upreel's PATH (${INSTALL[name]})`,
  );
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
