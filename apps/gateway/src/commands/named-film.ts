import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { callerFolder } from "../config.ts";
import { titleOf } from "../http/trigger-body.ts";
import { locateSource } from "../source-file.ts";

/** A film that somebody named on the command line, and the folder that this opens. */
export interface NamedFilm {
  readonly path: string;
  readonly title: string;
  readonly root: string;
}

/** Who may start the program may name any file, so a symlink is followed. Throws `source_*`. */
export async function findNamedFilm(argument: string): Promise<NamedFilm> {
  const given = resolve(callerFolder(), argument);
  const path = await realpath(given).catch(() => given);
  const root = dirname(path);
  await locateSource(path, [root]);
  return { path, root, title: titleOf(given) };
}
