import { FACTS_PLUGIN } from "@upreel/core";
import type { Fingerprint, Host, MediaScanResponse, ScanFile, Skipped } from "@upreel/plugin-sdk";
import type { FilmTools } from "./film-tools.ts";
import { lookAtFilm } from "./look-at-film.ts";

/** Of the fifteen minutes that a scan may take: what is not looked at by then is looked at the next time. */
const BUDGET_MS = 8 * 60_000;

/** Looks at each film that it has no facts of yet. */
export async function scanFilms(
  files: readonly ScanFile[],
  tools: FilmTools,
  host: Pick<Host, "log">,
  budgetMs = BUDGET_MS,
): Promise<MediaScanResponse> {
  const beganMs = performance.now();
  const fingerprints: Fingerprint[] = [];
  const skipped: Skipped[] = [];
  for (const { fileId, path, cachedFingerprints } of files) {
    if (cachedFingerprints.some(({ type }) => type === FACTS_PLUGIN.type)) continue;
    // One at least, however slow the machine is.
    if (fingerprints.length > 0 && performance.now() - beganMs > budgetMs) {
      skipped.push({ fileId, reason: "not_yet" });
      continue;
    }
    try {
      const facts = await lookAtFilm(path, tools, host);
      const { type, algorithmVersion } = FACTS_PLUGIN;
      fingerprints.push({ fileId, type, algorithmVersion, metadata: { ...facts } });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      host.log("warn", `${path}: ${message}`);
      skipped.push({ fileId, reason: "fingerprint_failed", message: message.slice(0, 1_000) });
    }
  }
  return { fingerprints, skipped };
}
