/** Folders as another machine names them, and the same folders here. */
export type PathMap = readonly PathMapping[];

interface PathMapping {
  /** `/media`, `D:\Films`, `\\nas\films`. */
  readonly from: string;
  /** Absolute, with `/`. */
  readonly to: string;
}

/** Where a path of another machine is here, and by which mapping. */
interface MappedPath {
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
  if (!isWindows(path)) return { text: withoutDots(path), isWindows: false };
  const slashed = path.replaceAll("\\", "/");
  // Two of them begin `\\nas\films`.
  const share = slashed.startsWith("//") ? "/" : "";
  return { text: share + withoutDots(slashed), isWindows: true };
}

function withoutDots(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return `${isAbsolute ? "/" : ""}${parts.join("/")}`;
}

/**
 * Finds where another machine's `path` is on this one. The longest `from` that is a whole folder of the
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
  return { path: withoutDots(`${best.mapping.to}/${best.rest}`), by: best.mapping };
}

/** Told as it was given: one of its slashes would be lost. */
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

/** Where WSL has the drives of Windows. */
const WSL_DRIVES = "/mnt";

/** An absolute folder of this machine, also as Windows around it names it (WSL); `undefined`: it is none. */
export function folderHere(folder: string): string | undefined {
  if (folder.startsWith("/")) return folder;
  const [, drive, rest = ""] = /^([a-z]):(?:[\\/](.*))?$/i.exec(folder) ?? [];
  if (drive === undefined) return undefined;
  return withoutDots(`${WSL_DRIVES}/${drive.toLowerCase()}/${rest.replaceAll("\\", "/")}`);
}

/**
 * Reads `/media=/mnt/media;D:\Films=/films`, and `/media=D:\Media` for `/media=/mnt/d/Media`. `undefined` when an
 * entry is not `folder=folder`, the second one absolute here.
 */
export function parsePathMap(text: string): PathMap | undefined {
  const entries = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const mappings = entries.map(readEntry);
  return mappings.every((mapping) => mapping !== undefined) ? mappings : undefined;
}

/** At the first `=` with a folder behind it: names may have one, too. */
function readEntry(entry: string): PathMapping | undefined {
  for (let at = entry.indexOf("=", 1); at > 0; at = entry.indexOf("=", at + 1)) {
    const to = folderHere(entry.slice(at + 1).trimStart());
    if (to !== undefined) return { from: entry.slice(0, at).trimEnd(), to };
  }
  return undefined;
}
