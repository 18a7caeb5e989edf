import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

/** A built file in memory, as it is and compressed. */
export interface BuiltFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

/** The web pages as `scripts/build-player.ts` made them, by path below `apps/player/dist`. */
export interface BuiltPages {
  readonly files: ReadonlyMap<string, BuiltFile>;
  /** Sources for `style-src`: the pages carry their styles, so that nothing blocks the first paint. */
  readonly styleHashes: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Reads all built files; none when the pages have not been built. */
export async function readBuiltPages(folder: string): Promise<BuiltPages> {
  const files = new Map<string, BuiltFile>();
  const styleHashes = new Set<string>();
  if (!existsSync(folder)) return { files, styleHashes: [] };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(path)];
    if (!entry.isFile() || type === undefined) continue;
    const plain = await readFile(path);
    files.set(relative(folder, path).split(sep).join("/"), {
      type,
      plain,
      br: await readIfThere(`${path}.br`),
      gzip: await readIfThere(`${path}.gz`),
    });
    if (type.startsWith("text/html"))
      for (const [, style = ""] of plain.toString("utf8").matchAll(/<style>(.*?)<\/style>/gs))
        styleHashes.add(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
  }
  return { files, styleHashes: [...styleHashes] };
}

const readIfThere = (path: string): Promise<Buffer | undefined> =>
  existsSync(path) ? readFile(path) : Promise.resolve(undefined);
