import { basename, join } from "node:path";
import type { Config } from "../config.ts";
import { isExportBesideSource } from "@upreel/engine";
import { isInside } from "@upreel/sources";
import { isOwnStrm } from "./strm-mark.ts";

/** Whether Upreel made this file, or all in this folder: such a film is played as it is and never upscaled again. */
export function isOwnFile({ dataDir, exportDir }: Config, path: string): boolean {
  return (
    // Not all of the data folder: films may lie in a folder of their own below it.
    isInside(join(dataDir, "upscaled"), path) ||
    isInside(join(dataDir, "streams"), path) ||
    (exportDir !== "source" && isInside(exportDir, path)) ||
    isExportBesideSource(basename(path)) ||
    isOwnStrm(path)
  );
}
