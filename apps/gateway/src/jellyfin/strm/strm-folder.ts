import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StreamView } from "@upreel/core";
import { sanitiseTitle } from "@upreel/watcher";
import { writeNewFile, makeFolder } from "@upreel/files";
import { MARK_LENGTH, markOf } from "./strm-mark.ts";

/** A file name that every file system takes. */
const strmName = ({ id, title }: Pick<StreamView, "id" | "title">): string =>
  `${sanitiseTitle(title)} [upreel-${id.slice(0, MARK_LENGTH)}].strm`;

const readStrm = (file: string): Promise<string | undefined> =>
  readFile(file, "utf8").catch(() => undefined);

/**
 * Makes the folder hold one file for each stream, which names the URL of its whole timeline, and none
 * for others; files that are not ours stay, and so does another address of the same stream, unless `renews`.
 */
export async function writeStrmFolder(
  folder: string,
  streams: readonly Pick<StreamView, "id" | "title">[],
  urlOf: (streamId: string) => string,
  renews = true,
): Promise<void> {
  await makeFolder(folder);
  const wanted = new Map(streams.map((stream) => [strmName(stream), stream.id]));
  const present = (await readdir(folder)).filter((name) => markOf(name) !== undefined);
  const stale = present.filter((name) => !wanted.has(name));
  for (const name of stale) await rm(join(folder, name), { force: true });
  for (const [name, id] of wanted) {
    const [file, content] = [join(folder, name), `${urlOf(id)}\n`];
    const isRight = renews ? (await readStrm(file)) === content : present.includes(name);
    if (!isRight) await writeNewFile(file, content);
  }
}
