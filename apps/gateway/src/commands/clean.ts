import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../config.ts";

const HOUR_MS = 3_600_000;

/**
 * `upreel clean`: deletes stream folders (segments, playlists, leftovers of runs). Archives in
 * `upscaled/` stay. Streams that a gateway is making right now are touched every few seconds, so
 * one hour is the least age unless another is given.
 */
export async function clean({
  olderThan,
  dryRun,
}: {
  olderThan: number;
  dryRun: boolean;
}): Promise<void> {
  const { dataDir } = loadConfig();
  const streams = join(dataDir, "streams");
  let freed = 0;
  for (const id of await readdir(streams).catch(() => [])) {
    const { newestMs, bytes } = await measure(join(streams, id));
    if (Date.now() - newestMs < olderThan * HOUR_MS) continue;
    console.log(
      `${dryRun ? "would delete" : "deleting"} ${join(streams, id)} (${(bytes / 1e6).toFixed(1)} MB)`,
    );
    if (!dryRun) await rm(join(streams, id), { recursive: true, force: true });
    freed += bytes;
  }
  console.log(`${(freed / 1e6).toFixed(1)} MB ${dryRun ? "would be freed" : "freed"}`);
}

/** Size of a folder and the time of its newest file. */
async function measure(folder: string): Promise<{ newestMs: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let [newestMs, bytes] = [(await stat(folder)).mtimeMs, 0];
  for (const entry of entries) {
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (found === undefined) continue;
    newestMs = Math.max(newestMs, found.mtimeMs);
    bytes += found.isFile() ? found.size : 0;
  }
  return { newestMs, bytes };
}
