import { FACTS_PLUGIN, filmFactsSchema, type FilmFacts } from "@upreel/core";
import type { ScanStore } from "./scan-store.ts";

/** The facts of a file as it is now; undefined: nobody looked, or what is kept is of another version. */
export function readFacts(
  store: Pick<ScanStore, "fingerprints">,
  fileId: string,
): FilmFacts | undefined {
  const { id, type, algorithmVersion } = FACTS_PLUGIN;
  const found = store
    .fingerprints(fileId, id, algorithmVersion)
    .find((fingerprint) => fingerprint.type === type);
  return filmFactsSchema.safeParse(found?.metadata).data;
}
