import { FACTS_PLUGIN } from "@upreel/core";
import type { Fingerprint, Host, MediaScanResponse, ScanFile, Skipped } from "@upreel/plugin-sdk";
import type { FilmTools } from "./film-tools.ts";
import { lookAtFilm } from "./look-at-film.ts";

/**
 * A scan that takes fifteen minutes loses all that it found. After `beginMs` no film is begun, after `endMs` none is looked at
 * any more: what is left is looked at the next time.
 */
const TIMES = { beginMs: 8 * 60_000, endMs: 14 * 60_000 };
/** Of one film. */
const LONGEST_MS = 10 * 60_000;

/** Looks at each film that it has no facts of yet. */
export async function scanFilms(
  files: readonly ScanFile[],
  tools: FilmTools,
  host: Pick<Host, "log">,
  { beginMs, endMs } = TIMES,
  look = lookAtFilm,
): Promise<MediaScanResponse> {
  const beganMs = performance.now();
  const fingerprints: Fingerprint[] = [];
  const skipped: Skipped[] = [];
  let isFirst = true;
  for (const { fileId, path, cachedFingerprints } of files) {
    if (cachedFingerprints.some(({ type }) => type === FACTS_PLUGIN.type)) continue;
    const spentMs = performance.now() - beganMs;
    // One at least, however slow the machine is.
    if (!isFirst && spentMs >= beginMs) {
      skipped.push({ fileId, reason: "not_yet" });
      continue;
    }
    const leftMs = isFirst ? LONGEST_MS : Math.max(0, Math.ceil(endMs - spentMs));
    const signal = AbortSignal.timeout(Math.min(LONGEST_MS, leftMs));
    try {
      const facts = await look(path, tools, host, signal);
      const { type, algorithmVersion } = FACTS_PLUGIN;
      fingerprints.push({ fileId, type, algorithmVersion, metadata: { ...facts } });
    } catch (thrown) {
      if (leftMs < LONGEST_MS && signal.aborted) {
        skipped.push({ fileId, reason: "not_yet" });
        continue;
      }
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      host.log("warn", `${path}: ${message}`);
      skipped.push({ fileId, reason: "fingerprint_failed", message: message.slice(0, 1_000) });
    } finally {
      isFirst = false;
    }
  }
  return { fingerprints, skipped };
}
