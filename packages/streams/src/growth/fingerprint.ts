import type { FileIdentity } from "@upreel/core";
import type { Sources } from "../ports.ts";

/**
 * What tells a file from another, longer one, should it be longer later; undefined: it is being written, or
 * cannot be read now.
 */
export const fingerprintOf = async (
  file: FileIdentity,
  { sources }: { readonly sources: Sources },
): Promise<string | undefined> =>
  file.mayGrow === true ? undefined : await sources.tryToRead(file).catch(() => undefined);
