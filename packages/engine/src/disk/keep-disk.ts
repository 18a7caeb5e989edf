import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { asProbed, type EventSink, type Leases, type Log, type StreamRecords } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { EngineSettings } from "../settings.ts";
import { diskSpace, makeFolder } from "@upreel/files";
import { unlessAnotherGateway } from "./alone-among-gateways.ts";
import { createDiskKeeper } from "./disk-keeper.ts";
import { createOthersFilms } from "./others-films.ts";
import type { EvictedFilms } from "./evicted-films.ts";
import type { StoredStream } from "./plan-eviction.ts";

/** Looks after the disk of the data folder. */
export async function keepDisk(
  config: Pick<
    EngineSettings,
    "dataDir" | "diskHigh" | "diskLow" | "retentionMs" | "archiveQuotaBytes"
  >,
  {
    streams,
    records,
    evicted,
    log,
    events,
    leases,
  }: {
    readonly streams: Streams;
    readonly records: Pick<StreamRecords, "read">;
    readonly evicted: EvictedFilms;
    readonly log: Log;
    readonly events: EventSink;
    readonly leases?: Leases | undefined;
  },
): Promise<AsyncDisposable> {
  const { dataDir } = config;
  const shared = leases?.isShared === true ? leases : undefined;
  await makeFolder(dataDir);
  const readStreams = (): Promise<StoredStream[]> =>
    Promise.all(
      streams.list().map(async ({ id, state, pinned, viewers, file }) => {
        const folder = await streams.folder(id).catch(() => undefined);
        const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
        return {
          ...{ id, state, viewers, isPinned: pinned },
          wantedAtMs: folder?.wantedAtMs ?? 0,
          archiveBytes: found?.size ?? 0,
        };
      }),
    );
  return createDiskKeeper(
    {
      ...{ log, events, readStreams },
      readOthers: shared && createOthersFilms(dataDir, () => streams.ids(), Date.now),
      alone: shared && ((makeRoom) => unlessAnotherGateway(shared, "room on the disk", makeRoom)),
      streams: {
        ...streams,
        async remove(id) {
          const film = asProbed(await records.read(id));
          // First: who asks for it in just that moment has it made again. On a full disk it cannot be
          // written down, and is remembered all the same until there is room.
          if (film !== undefined)
            await evicted.note(film).catch((error: unknown) => {
              log.warn(`${film.title} could not be recorded as deleted`, { error });
            });
          return streams.remove(id);
        },
      },
      nowMs: () => Date.now(),
      async readSpace() {
        const space = await diskSpace(dataDir);
        const isWritable = await access(dataDir, constants.W_OK).then(
          () => true,
          () => false,
        );
        return { ...space, isWritable };
      },
    },
    {
      ...{ high: config.diskHigh, low: config.diskLow, retentionMs: config.retentionMs },
      quotaBytes: config.archiveQuotaBytes,
    },
  );
}
