import { open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { UpreelError } from "@upreel/core";
import type { z } from "zod";
import { pluginManifestSchema, type PluginManifest } from "./plugin-manifest.ts";

export const MANIFEST = "plugin.json";

/** More than this is no manifest. */
const LONGEST_MANIFEST = 256 * 1024;

/** What is wrong in a manifest, and where: `capabilities.0`. */
export interface ManifestIssue {
  readonly path: string;
  readonly message: string;
}

/** The manifest of the plugin in `folder`, or all that is wrong with it. Never throws. */
export async function readManifest(
  folder: string,
): Promise<
  | { readonly manifest: PluginManifest; readonly entry: string; readonly installed: string }
  | { readonly issues: readonly ManifestIssue[] }
> {
  let json: unknown;
  let installed: string;
  try {
    const path = join(folder, MANIFEST);
    const { ino, mtimeMs } = await stat(path);
    installed = `${ino} ${mtimeMs}`;
    json = JSON.parse(await readBounded(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT"
        ? `there is no ${MANIFEST} in it`
        : `${MANIFEST} cannot be read: ${message}`;
    return { issues: [{ path: "", message: why }] };
  }
  const parsed = pluginManifestSchema.safeParse(json);
  if (!parsed.success) return { issues: parsed.error.issues.map(toIssue) };
  const manifest = parsed.data;
  const entry = await findEntry(folder, manifest.entry);
  if (entry === undefined)
    return {
      issues: [
        { path: "entry", message: `expected a file in the plugin's folder, got ${manifest.entry}` },
      ],
    };
  return { manifest, entry, installed };
}

/** All that is wrong in one line, as the command line says it. */
export function unusable(folder: string, issues: readonly ManifestIssue[]): UpreelError {
  return new UpreelError("plugin_unusable", `this is no plugin that can run: ${folder}`, {
    expected: `${MANIFEST} as docs/plugins.md describes it`,
    got: issues
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
      .join("; "),
  });
}

const toIssue = ({ path, message }: z.core.$ZodIssue): ManifestIssue => ({
  path: path.map(String).join("."),
  message,
});

async function readBounded(path: string): Promise<string> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_MANIFEST + 1));
  if (bytesRead > LONGEST_MANIFEST) throw new Error(`longer than ${LONGEST_MANIFEST} bytes`);
  return buffer.toString("utf8", 0, bytesRead);
}

/** Where the entry really is; undefined where that is no file, or outside the plugin's folder. */
async function findEntry(folder: string, entry: string): Promise<string | undefined> {
  try {
    const [root, path] = [await realpath(folder), await realpath(join(folder, entry))];
    return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
