import { readFile, rm } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { z } from "zod";
import { showFileName } from "@upreel/core";
import { JsonFile, diskName, errnoOf, writeNewFile } from "@upreel/files";
import { markOf } from "./strm-mark.ts";

/** A stream, and the film that it is made of. */
export interface StreamOfFilm {
  readonly id: string;
  readonly source: string;
}

export interface StrmBesideResult {
  readonly hasChanged: boolean;
  /** Why some are missing, in words. */
  readonly problems: readonly string[];
  /** Streams of films beside which nothing can be written, and why not, of the first one. */
  readonly denied: { readonly ids: readonly string[]; readonly why: string | undefined };
}

/** What only somebody who changes the disk or its permissions can help. */
const DENIED = new Map([
  ["EROFS", "its disk is read-only"],
  ["EACCES", "Upreel may not write there"],
  ["EPERM", "Upreel may not write there"],
]);

/** Beside the film, Jellyfin takes it for another version; without a size in its name, for a later one. */
const strmBeside = (source: string): string =>
  join(dirname(source), `${parse(source).name} - Upscaled.strm`);

/**
 * Makes one `.strm` lie beside each film with a stream, which names the URL of its whole timeline, and
 * none of ours elsewhere: `listFile` remembers where they are. Files that are not ours stay, and so does another
 * address of the same stream, unless `renews`.
 */
export async function writeStrmBeside(
  listFile: string,
  streams: readonly StreamOfFilm[],
  urlOf: (streamId: string) => string,
  renews = true,
): Promise<StrmBesideResult> {
  const wanted = new Map(streams.map(({ id, source }) => [strmBeside(source), id]));
  const denied: string[] = [];
  let why: string | undefined;
  const list = new JsonFile(listFile, z.array(z.string()), {
    ...{ isDurable: true, indent: 1, makesFolder: true },
  });
  const listed = (await list.readUnlessDamaged()) ?? [];
  const kept = new Set<string>();
  const problems: string[] = [];
  let hasChanged = false;
  for (const file of listed.filter((each) => !wanted.has(each))) {
    const content = await read(file);
    // Renamed or replaced by somebody: his now.
    if (content === undefined || markOf(content) === undefined) continue;
    hasChanged = true;
    await rm(diskName(file), { force: true }).catch((error: unknown) => {
      problems.push(said(error));
      kept.add(file);
    });
  }
  for (const [file, id] of wanted) {
    const content = `${urlOf(id)}\n`;
    const present = await read(file);
    if (present === content || (!renews && present !== undefined && markOf(present) === id))
      kept.add(file);
    else if (present !== undefined && markOf(present) === undefined)
      problems.push(`${showFileName(file)} is somebody else's`);
    else
      await writeNewFile(file, content).then(
        () => {
          hasChanged = true;
          kept.add(file);
        },
        (error: unknown) => {
          const reason = DENIED.get(errnoOf(error) ?? "");
          if (reason === undefined) return problems.push(said(error));
          why ??= `${showFileName(dirname(file))}: ${reason}`;
          return denied.push(id);
        },
      );
  }
  if (kept.size !== listed.length || listed.some((file) => !kept.has(file)))
    await list.write([...kept]);
  return { hasChanged, problems, denied: { ids: denied, why } };
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const read = (file: string): Promise<string | undefined> =>
  readFile(diskName(file), "utf8").catch(() => undefined);
