import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StreamView } from "@upreel/core";
import { sanitiseTitle } from "@upreel/watcher";
import { writeNewFile, makeFolder } from "@upreel/files";
import { MARK_LENGTH, markOf } from "./strm-mark.ts";

/** A file name that every file system takes. */
const strmName = ({ id, title }: Pick<StreamView, "id" | "title">): string =>
  `${sanitiseTitle(title)} [upreel-${id.slice(0, MARK_LENGTH)}].strm`;

/**
 * Makes the folder hold one file for each stream, which names the URL of its whole timeline, and none
 * for others; files that are not ours stay. Answers whether anything changed.
 */
export async function writeStrmFolder(
  folder: string,
  streams: readonly Pick<StreamView, "id" | "title">[],
  urlOf: (streamId: string) => string,
): Promise<boolean> {
  await makeFolder(folder);
  const wanted = new Map(streams.map((stream) => [strmName(stream), stream.id]));
  const present = (await readdir(folder)).filter((name) => markOf(name) !== undefined);
  const stale = present.filter((name) => !wanted.has(name));
  for (const name of stale) await rm(join(folder, name), { force: true });
  const missing = [...wanted].filter(([name]) => !present.includes(name));
  for (const [name, id] of missing) {
    await writeNewFile(join(folder, name), `${urlOf(id)}\n`);
  }
  return stale.length + missing.length > 0;
}
