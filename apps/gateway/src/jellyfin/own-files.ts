import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Config } from "../config.ts";
import { isExportBesideSource } from "@upreel/engine";
import { isInside } from "@upreel/sources";
import { isOwnStrm } from "./strm/strm-mark.ts";

/** Folders that Upreel writes to. */
export type OwnFolders = Pick<Config, "dataDir" | "exportDir">;

/** Whether Upreel made this file, or all in this folder: such a film is played as it is and never upscaled again. */
export function isOwnFile({ dataDir, exportDir }: OwnFolders, path: string): boolean {
  return (
    // Not all of the data folder: films may lie in a folder of their own below it.
    isInside(join(dataDir, "upscaled"), path) ||
    isInside(join(dataDir, "streams"), path) ||
    (exportDir !== "source" && isInside(exportDir, path)) ||
    isExportBesideSource(basename(path)) ||
    isOwnStrm(path)
  );
}

/** Where these folders really are, for paths that lead through no links; also of one that is still to be made. */
export async function realOwnFolders({ dataDir, exportDir }: OwnFolders): Promise<OwnFolders> {
  return {
    dataDir: await realPlace(dataDir),
    exportDir: exportDir === "source" ? exportDir : await realPlace(exportDir),
  };
}

async function realPlace(path: string): Promise<string> {
  const parent = dirname(path);
  return realpath(path).catch(async () =>
    parent === path ? path : join(await realPlace(parent), basename(path)),
  );
}
