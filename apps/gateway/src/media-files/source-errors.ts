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
    return new UpreelError("source_missing", `no such file: ${path}`, {
      expected: "a file that exists on the gateway's machine",
      got: errno,
      cause,
    });
  if (AWAY.has(errno))
    return new UpreelError("source_unavailable", `${path} cannot be read at the moment`, {
      expected: "a disk that answers",
      got: errno,
      cause,
    });
  return new UpreelError("source_unreadable", `cannot read ${path}`, {
    expected: "a file that the gateway's user may read",
    got: errno,
    cause,
  });
}

export const noDisk = (path: string, folder: string): UpreelError =>
  new UpreelError("source_unavailable", `${folder} is empty: ${path} is not there at the moment`, {
    expected: "the disk of the film",
    got: "an empty folder, as of a disk that is not mounted",
  });

export const outsideRoots = (path: string, roots: readonly string[]): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    `the file is outside the folders that are open to Upreel: ${path}`,
    { expected: `a file inside ${roots.join(" or ")} (MEDIA_ROOTS)`, got: path },
  );
