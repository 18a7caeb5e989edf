import { mkdir, stat, statfs } from "node:fs/promises";
import type { Log, Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import { createDiskKeeper } from "./disk-keeper.ts";
import type { StoredStream } from "./plan-eviction.ts";

/** Looks after the disk of the data folder. */
export async function keepDisk(
  config: Pick<Config, "dataDir" | "diskHigh" | "diskLow" | "retentionMs" | "archiveQuotaBytes">,
  { streams, log }: { readonly streams: Streams; readonly log: Log },
): Promise<AsyncDisposable> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true });
  const readStreams = (): Promise<StoredStream[]> =>
    Promise.all(
      streams.list().map(async ({ id, state, pinned, viewers, file }) => {
        const folder = await streams.folder(id).catch(() => undefined);
        const found = file === null ? undefined : await stat(file).catch(() => undefined);
        return {
          ...{ id, state, viewers, isPinned: pinned },
          wantedAtMs: folder?.wantedAtMs ?? 0,
          archiveBytes: found?.size ?? 0,
        };
      }),
    );
  return createDiskKeeper(
    {
      ...{ streams, log, readStreams },
      nowMs: () => Date.now(),
      async readSpace() {
        const { bavail, blocks, bsize } = await statfs(dataDir);
        return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
      },
    },
    {
      ...{ high: config.diskHigh, low: config.diskLow, retentionMs: config.retentionMs },
      quotaBytes: config.archiveQuotaBytes,
    },
  );
}
