import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UpreelError } from "@upreel/core";
import { callerFolder } from "../config.ts";
import { titleOf, toFilePath } from "../http/api/trigger-body.ts";
import { directFiles } from "@upreel/sources";
import { rawArgument } from "./raw-argument.ts";

/** A film that somebody named on the command line, and the folder that this opens. */
export interface NamedFilm {
  readonly path: string;
  readonly title: string;
  readonly root: string;
}

/** Who may start the program may name any file, so a symlink is followed. Throws `source_*`. */
export async function findNamedFilm(argument: string): Promise<NamedFilm> {
  const given = resolve(callerFolder(), localPath(rawArgument(argument)));
  const path = await realpath(given).catch(() => given);
  const root = dirname(path);
  await directFiles().locate(path, [root]);
  return { path, root, title: titleOf(given) };
}

/** A URL is named as it was given: resolved as a path it would lose one of its slashes. */
export function localPath(argument: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(argument)) return argument;
  if (argument.toLowerCase().startsWith("file://")) return toFilePath(argument);
  throw new UpreelError("bad_request", `${argument} is a web address, and Upreel upscales files`, {
    expected:
      "a file: download the film first, or mount the network folder it is in, and name it as /films/film.mkv",
  });
}
