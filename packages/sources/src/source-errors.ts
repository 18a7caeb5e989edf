import { UpreelError } from "@upreel/core";
import { errnoOf } from "./look-at-file.ts";

const MISSING = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG"]);
/** What a disk says that is away for a while: a network drive, a loose cable. */
const AWAY = new Set(
  "EIO ENOTCONN ESTALE ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ECONNRESET ECONNREFUSED ENODEV ENXIO EREMOTEIO EAGAIN EINTR ENOLINK ECOMM ENFILE EMFILE ENOMEM".split(
    " ",
  ),
);

/** Why a file cannot be looked at or read, from what the disk said. */
export function unreachable(path: string, cause: unknown): UpreelError {
  if (cause instanceof UpreelError) return cause;
  const errno = errnoOf(cause);
  if (MISSING.has(errno))
    return new UpreelError("source_missing", `no such file: ${path}`, { cause });
  if (AWAY.has(errno))
    return new UpreelError("source_unavailable", `${path} cannot be read at the moment`, {
      expected: "a disk that responds",
      got: errno,
      cause,
    });
  return new UpreelError("source_unreadable", `Upreel may not read ${path}`, {
    expected: "a file that the user who runs Upreel may read",
    got: errno,
    cause,
  });
}

/** The same of a file that was there before. */
export const goneNow = (path: string, cause: unknown): UpreelError => {
  const error = unreachable(path, cause);
  return error.code === "source_missing"
    ? new UpreelError(error.code, `the film file was moved or deleted: ${path}`, { cause })
    : error;
};

export const noDisk = (path: string, folder: string): UpreelError =>
  new UpreelError("source_unavailable", `the disk of ${path} is not there: ${folder} is empty`, {
    expected: "the disk to be mounted",
    got: "an empty folder",
  });

export const outsideRoots = (path: string, roots: readonly string[]): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    `the file is not in one of the film folders (MEDIA_ROOTS): ${path}`,
    { expected: `a file inside ${roots.join(" or ")} (MEDIA_ROOTS)`, got: path },
  );
