import { basename, join } from "node:path";
import type { Config } from "../config.ts";
import { isExportBesideSource } from "@upreel/engine";
import { isInside } from "@upreel/sources";
import { isOwnStrm } from "./strm-mark.ts";

/** Whether Upreel made this file: such a film is played as it is and never upscaled again. */
export function isOwnFile({ dataDir, exportDir }: Config, path: string): boolean {
  return (
    isInside(join(dataDir, "upscaled"), path) ||
    (exportDir !== "source" && isInside(exportDir, path)) ||
    isExportBesideSource(basename(path)) ||
    isOwnStrm(path)
  );
}
