import { createHash, randomUUID } from "node:crypto";
import { cp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { toUpreelError, UpreelError } from "@upreel/core";
import { makeFolder } from "@upreel/files";
import { Unpack } from "tar";
import type { PluginManifest } from "./plugin-manifest.ts";
import { MANIFEST, readManifest, unusable } from "./read-manifest.ts";

const MOST_FILES = 20_000;
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Copies a plugin into the folder of plugins: from a folder, or from a tarball whose SHA-256 is named. One of the
 * same id is replaced. Throws `plugin_unusable`, and `bad_request` for what is neither.
 */
export async function installPlugin(
  source: string,
  { pluginsDir, sha256 }: { readonly pluginsDir: string; readonly sha256: string | undefined },
): Promise<PluginManifest> {
  const status = await stat(source).catch(() => undefined);
  if (status === undefined)
    throw new UpreelError("source_missing", `no such file or folder: ${source}`);
  const staged = join(pluginsDir, `.part-${randomUUID()}`);
  try {
    await makeFolder(staged);
    if (status.isDirectory())
      await cp(source, staged, { recursive: true, filter: (path) => !path.endsWith("/.git") });
    else await unpack(source, staged, sha256);
    const folder = await findManifest(staged);
    const read = await readManifest(folder);
    if ("issues" in read) throw unusable(source, read.issues);
    const { id } = read.manifest;
    const place = join(pluginsDir, id.replaceAll("/", "+"));
    await rm(place, { recursive: true, force: true });
    await rename(folder, place);
    return read.manifest;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function unpack(tarball: string, folder: string, sha256: string | undefined): Promise<void> {
  const { size } = await stat(tarball);
  if (size > MOST_BYTES) throw tooMuch(`${tarball} of ${size} bytes`);
  const bytes = await readFile(tarball);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === undefined || sha256.toLowerCase() !== found)
    throw new UpreelError(
      "bad_request",
      sha256 === undefined
        ? "a tarball is installed only with its SHA-256, from where the plugin is published"
        : "this tarball is not the one whose SHA-256 was given",
      { expected: `--sha256 ${sha256 ?? "<64 digits>"}`, got: `a file with ${found}` },
    );
  try {
    await unpackBounded(bytes, folder);
  } catch (thrown) {
    if (thrown instanceof UpreelError) throw thrown;
    throw new UpreelError("plugin_unusable", `this tarball cannot be unpacked: ${tarball}`, {
      expected: "files and folders in a folder of their own, as `tar -czf` packs them",
      got: toUpreelError(thrown).message,
    });
  }
}

/** Those bytes whose sum was checked, whatever becomes of the file. Links lead out of the folder: they are left out. */
function unpackBounded(bytes: Buffer, folder: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let [files, size] = [0, 0];
  const unpacked = new Unpack({
    ...{ cwd: folder, strict: true, preserveOwner: false },
    filter(path, entry) {
      if (!("type" in entry)) return false;
      files += 1;
      size += entry.size;
      if (files > MOST_FILES || size > MOST_BYTES) {
        // What is thrown here reaches nobody.
        unpacked.abort(tooMuch(path));
        return false;
      }
      return entry.type === "File" || entry.type === "OldFile" || entry.type === "Directory";
    },
  });
  unpacked.on("close", () => resolve()).on("error", reject);
  unpacked.end(bytes);
  return promise;
}

const tooMuch = (got: string): UpreelError =>
  new UpreelError("plugin_unusable", "this tarball contains too much", {
    ...{ expected: `${MOST_FILES} files and ${MOST_BYTES} bytes at most`, got },
  });

/** Tarballs have the plugin in one folder. */
async function findManifest(folder: string): Promise<string> {
  const names = await readdir(folder);
  const [only] = names;
  return !names.includes(MANIFEST) && names.length === 1 && only !== undefined
    ? join(folder, only)
    : folder;
}
