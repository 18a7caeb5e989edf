import { UpreelError, toUpreelError } from "@upreel/core";
import { errnoOf } from "./durable-files.ts";

const CODES: Readonly<Record<string, "disk_full" | "disk_read_only">> = {
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EROFS: "disk_read_only",
};

/** What a failed write to `path` means: a disk that is full or read-only is told by its own name. */
export function toDiskError(thrown: unknown, path: string): UpreelError {
  const code = CODES[errnoOf(thrown) ?? ""];
  if (code === undefined) return toUpreelError(thrown);
  const what = code === "disk_full" ? "is full" : "is read-only";
  return new UpreelError(code, `the disk ${what}: cannot write ${path}`, { cause: thrown });
}
