import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { UpreelError } from "@upreel/core";
import { callerFolder } from "../config.ts";
import { listFolder } from "@upreel/sources";
import { findNamedFilm, localPath } from "./named-film.ts";

/** Folders in folders, as series have them; deeper ones are named by themselves. */
const DEEPEST = 4;

/** Whether all of a folder's films are to be started. */
export type Ask = (folder: string, films: number) => Promise<boolean>;

/**
 * The films that the command line names: files as they are, and all films of a folder, once somebody has
 * agreed to so many. Throws what `findNamedFilm` throws, and `bad_request` for a folder without films.
 */
export async function expandFilms(named: readonly string[], ask: Ask): Promise<readonly string[]> {
  const films: string[] = [];
  for (const argument of named) {
    const path = resolve(callerFolder(), localPath(argument));
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) {
      const found = await filmsIn(path, [path, await realpath(path)]);
      if (found.length === 0)
        throw new UpreelError("bad_request", `there is no film in the folder ${path}`);
      if (await ask(path, found.length)) films.push(...found);
    } else {
      await findNamedFilm(argument);
      films.push(path);
    }
  }
  return [...new Set(films)];
}

async function filmsIn(
  folder: string,
  open: readonly string[],
  depth = 0,
): Promise<readonly string[]> {
  const { entries } = await listFolder(folder, open);
  const found: string[] = [];
  for (const { kind, path } of entries) {
    if (kind === "film") found.push(path);
    else if (depth < DEEPEST) found.push(...(await filmsIn(path, open, depth + 1)));
  }
  return found;
}

/** Asks on the terminal; where there is none, nothing is started that nobody has agreed to. */
export async function askToStart(folder: string, films: number): Promise<boolean> {
  const what = films === 1 ? "1 film" : `${films} films`;
  if (process.stdin.isTTY !== true)
    throw new UpreelError("bad_request", `${folder} is a folder with ${what}`, {
      expected: `--yes to upscale all of them, or MEDIA_ROOTS=${folder} to choose from them in the browser`,
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Upscale the ${what} in ${folder}? [y/N] `);
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
}
