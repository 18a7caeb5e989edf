import { posix } from "node:path";

/** Folders as Jellyfin names them, and the same folders here. */
export type PathMap = readonly PathMapping[];

interface PathMapping {
  /** `/media`, `D:\Films`, `\\nas\films`. */
  readonly from: string;
  /** Absolute, with `/`. */
  readonly to: string;
}

/** Where a path of Jellyfin is here, and by which mapping. */
export interface MappedPath {
  readonly path: string;
  /** `undefined`: no mapping fits, the path is the same here. */
  readonly by: PathMapping | undefined;
}

/** Windows paths (`D:\…`, `\\nas\…`) know no case; their `/` and `\` mean the same. */
const isWindows = (path: string): boolean => /^([a-z]:([\\/]|$)|\\\\)/i.test(path);

interface Normalized {
  /** With `/` between the parts, without `.`, `..`, doubled or trailing slashes. */
  readonly text: string;
  readonly isWindows: boolean;
}

function normalize(path: string): Normalized {
  if (!isWindows(path))
    return { text: withoutTrailingSlash(posix.normalize(path)), isWindows: false };
  const slashed = path.replaceAll("\\", "/");
  // posix.normalize folds the `//` of `\\nas\films` into one.
  const share = slashed.startsWith("//") ? "/" : "";
  return { text: withoutTrailingSlash(share + posix.normalize(slashed)), isWindows: true };
}

const withoutTrailingSlash = (path: string): string => path.replace(/(?<=.)\/$/, "");

/**
 * Finds where Jellyfin's `path` is on this machine. The longest `from` that is a whole folder of the
 * path wins. What it gives may be anywhere: whoever opens it checks the folders that are allowed.
 */
export function mapPath(map: PathMap, path: string): MappedPath {
  const wanted = normalize(path);
  const [best] = map
    .flatMap((mapping) => {
      const rest = restBelow(normalize(mapping.from), wanted);
      return rest === undefined ? [] : [{ mapping, rest }];
    })
    .toSorted((a, b) => a.rest.length - b.rest.length);
  if (best === undefined) {
    const isForeign = wanted.isWindows || isUrl(path);
    return { path: isForeign ? path : wanted.text, by: undefined };
  }
  return { path: normalize(`${best.mapping.to}/${best.rest}`).text, by: best.mapping };
}

/** Told as it was given: `posix.normalize` would make `http:/` of `http://`. */
const isUrl = (path: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(path);

/** What of `path` is below `folder`; `undefined` when it is elsewhere. */
function restBelow(folder: Normalized, path: Normalized): string | undefined {
  if (folder.isWindows !== path.isWindows) return undefined;
  const comparable = ({ text }: Normalized): string =>
    folder.isWindows ? text.toLowerCase() : text;
  if (comparable(folder) === comparable(path)) return "";
  const start = folder.text.endsWith("/") ? folder.text : `${folder.text}/`;
  return comparable(path).startsWith(comparable({ ...folder, text: start }))
    ? path.text.slice(start.length)
    : undefined;
}

/**
 * Reads `/media=/mnt/media;D:\Films=/films`. `undefined` when an entry is not `folder=/folder`.
 */
export function parsePathMap(text: string): PathMap | undefined {
  const entries = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const mappings = entries.map((entry) => {
    const [, from, to] = /^(.+?)\s*=\s*(\/.*)$/.exec(entry) ?? [];
    return from === undefined || to === undefined ? undefined : { from, to };
  });
  return mappings.every((mapping) => mapping !== undefined) ? mappings : undefined;
}
