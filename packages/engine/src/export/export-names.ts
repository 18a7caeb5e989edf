import { stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { Leases, Output, StreamRecord } from "@upreel/core";
import type { ExportFormat } from "@upreel/media";
import { JsonFile, diskName, isPartOf, newPartPath } from "@upreel/files";
import { sanitiseTitle } from "@upreel/watcher";
import { z } from "zod";
import { aloneAmongGateways } from "../disk/alone-among-gateways.ts";
import { beginExport, readBegunExports } from "./begun-export.ts";
import type { EngineSettings } from "../settings.ts";

type NamedFilm = Pick<StreamRecord, "title" | "id" | "file"> & { output: Output };
type ExportFolders = Pick<EngineSettings, "dataDir" | "exportDir">;

/** More files of one name, and something is wrong. */
const MOST = 1000;

/**
 * The name of a film's export, for people: the film's, ` - `, and what is different. Beside its source
 * Jellyfin takes it for another version of the film, and shows ` - Upscaled 640p` in the menu.
 */
function exportName({ title, file, output }: NamedFilm, exportDir: string, n: number): string {
  const isBeside = exportDir === "source";
  const name = isBeside ? basename(file.path, extname(file.path)) : sanitiseTitle(title);
  // Jellyfin shows versions with a size in their name first; a film named like its folder stays before.
  const isOutranked =
    isBeside && name !== folderOf(file.path) && name.startsWith(folderOf(file.path));
  const size = `${output.height}${isOutranked && !/\d{3,}[ip]/i.test(name) ? "" : "p"}`;
  return `${name} - Upscaled ${size}${n === 1 ? "" : ` ${n}`}`;
}

const folderOf = (path: string): string => basename(dirname(path));

/** Whether a file's name is one that an export beside its source has, or had in earlier releases. */
export const isExportBesideSource = (name: string): boolean =>
  / - Upscaled (\d+p?( \d+)?|to \d+ (\w\w-){3}\w\w)\.(mkv|mp4)$/.test(name);

/** Where the export of a film is, or will be: its own name, or the first that nobody has. */
export async function findExportName(
  film: NamedFilm,
  { dataDir, exportDir }: ExportFolders,
  format: ExportFormat,
): Promise<string> {
  const owners = await readOwners(dataDir);
  const folder = exportDir === "source" ? dirname(film.file.path) : exportDir;
  const names = Array.from({ length: MOST }, (_, at) =>
    join(folder, `${exportName(film, exportDir, at + 1)}.${format}`),
  );
  const own = names.find((path) => owners[path] === film.id);
  if (own !== undefined) return own;
  for (const path of names) {
    if (await isThere(path)) continue;
    const owner = owners[path];
    if (owner === undefined || !(await isBeingWritten(path, dataDir, owner))) return path;
  }
  return join(folder, `${exportName(film, exportDir, 1)} ${film.id}.${format}`);
}

/** Whether another film's export gets this name when it is complete. */
async function isBeingWritten(path: string, dataDir: string, id: string): Promise<boolean> {
  const begun = await readBegunExports(dataDir, id);
  return begun.some(({ part }) => isPartOf(part, path));
}

/**
 * As `findExportName`; the name is the film's from now on, though its source's folder forgets it, and nobody else takes it
 * while `part` is written for it, which is noted. Gateways do this one after the other.
 */
export async function claimExportName(
  film: NamedFilm,
  folders: ExportFolders,
  { format, leases }: { readonly format: ExportFormat; readonly leases?: Leases | undefined },
): Promise<{ readonly file: string; readonly part: string }> {
  const { dataDir } = folders;
  const claim = async () => {
    const file = await findExportName(film, folders, format);
    const owners = await readOwners(dataDir);
    if (owners[file] !== film.id) await ownersFile(dataDir).write({ ...owners, [file]: film.id });
    const part = newPartPath(file);
    await beginExport(dataDir, film.id, { format, part });
    return { file, part };
  };
  return leases?.isShared === true
    ? await aloneAmongGateways(leases, "exports.json", claim)
    : await claim();
}

const isThere = (path: string): Promise<boolean> =>
  stat(diskName(path)).then(
    () => true,
    () => false,
  );

const ownersSchema = z.record(z.string(), z.string());
const ownersFile = (dataDir: string): JsonFile<z.infer<typeof ownersSchema>> =>
  new JsonFile(join(dataDir, "exports.json"), ownersSchema, {
    ...{ isDurable: true, indent: 1, makesFolder: true },
  });

/** Which stream each export is of; begun anew when it is damaged. Throws where it cannot be read now: names would be taken twice. */
const readOwners = async (dataDir: string): Promise<Readonly<Record<string, string>>> =>
  (await ownersFile(dataDir).readUnlessDamaged()) ?? {};
