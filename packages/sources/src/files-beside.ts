import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { decodeFileName } from "@upreel/core";
import { diskName } from "./disk-name.ts";
import type { FileBeside } from "./file-calls.ts";

/** More would be a folder of something else. */
const MOST_BESIDE = 64;
/** Of a file of text; the subtitles of a film are a tenth of a megabyte. */
const MOST_TEXT_BYTES = 4_000_000;

/** Plain files in the folder of `film` whose names begin with its own (`Film.de.srt` of `Film.mkv`), by name. */
export async function filesBeside(film: string): Promise<FileBeside[]> {
  const folder = dirname(film);
  const begin = basename(film, extname(film));
  const options = { withFileTypes: true, encoding: "buffer" } as const;
  const names = (await readdir(diskName(folder), options))
    // A link may lead anywhere; films themselves are looked at where they really are.
    .filter((entry) => entry.isFile())
    .map((entry) => decodeFileName(entry.name))
    .filter((name) => name.startsWith(`${begin}.`) && name !== basename(film))
    .toSorted()
    .slice(0, MOST_BESIDE);
  const looked = await Promise.all(
    names.map(async (name) => {
      const found = await stat(diskName(join(folder, name))).catch(() => undefined);
      return found && { name, sizeBytes: found.size, modifiedMs: found.mtimeMs };
    }),
  );
  return looked.filter((each) => each !== undefined);
}

/** The beginning of a file of text: in UTF-8, in UTF-16 that says so, or else in `charset`. */
export async function readText(path: string, charset: string): Promise<string> {
  // Without O_NONBLOCK a pipe in place of the file would hang.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  await using file = await open(diskName(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const read = await file.read(Buffer.alloc(MOST_TEXT_BYTES), 0, MOST_TEXT_BYTES, 0);
  const bytes = read.buffer.subarray(0, read.bytesRead);
  const [first, second] = bytes;
  // What is cut in the middle of a letter is no mistake.
  const decode = (label: string, fatal = false): string =>
    new TextDecoder(label, { fatal }).decode(bytes, { stream: true });
  if (first === 0xff && second === 0xfe) return decode("utf-16le");
  if (first === 0xfe && second === 0xff) return decode("utf-16be");
  try {
    return decode("utf-8", true);
  } catch {
    return decode(charset);
  }
}
