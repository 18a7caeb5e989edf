import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  toUpreelError,
  type Log,
  type ReachedStream,
  type RecoveredStream,
  type StreamFolder,
  type StreamFolders,
  type StreamRecord,
} from "@upreel/core";
import { errnoOf, isThere } from "@upreel/files";
import PQueue from "p-queue";
import type { OpenFolders } from "./open-folders.ts";
import { deleteUnfinished, recoverStream } from "./recover-stream.ts";
import type { DiskStreamFolder } from "./stream-folder.ts";
import { deleteUnfinishedOf, type HeldLease, type StreamLeases } from "../records/stream-leases.ts";
import { archiveFolder, streamPaths, streamsFolder } from "../records/stream-paths.ts";
import type { WorkBehind } from "./work-behind.ts";

/** More at a time would only wait for Node's four threads for files. */
const RECOVERED_AT_A_TIME = 8;
/** Ends the name of a stream's folder that is being deleted. */
const REMOVED = ".removed";

export interface RecoverParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly leases: StreamLeases;
  readonly folders: OpenFolders;
  readonly later: WorkBehind;
  /** Of a stream that was begun, and has no folder yet. */
  readonly moveIn: (record: StreamRecord) => DiskStreamFolder;
  /** The same of one that several gateways may find: its folder is there when it settles. */
  readonly begin: (record: StreamRecord, lease: HeldLease) => Promise<StreamFolder>;
}

/** Opens the streams on the disk: all of them or, among several gateways, those that this one can take. */
export function createRecovery(parts: RecoverParts): Pick<StreamFolders, "recover" | "reach"> {
  const { dataDir, leases, folders } = parts;
  const opening = new Map<string, Promise<ReachedStream>>();

  /** Once, whoever asks for it meanwhile. */
  function reach(id: string): Promise<ReachedStream> {
    const found = opening.get(id) ?? recoverOne(parts, id).finally(() => opening.delete(id));
    opening.set(id, found);
    return found;
  }

  async function deleteRemoved(id: string): Promise<void> {
    // Another gateway may be deleting it. This lease is not that of the stream, which may have been begun anew.
    const name = `${id}${REMOVED}`;
    if (leases.isShared && (await leases.takeNew(name).catch(() => undefined)) === undefined)
      return;
    const how = { recursive: true, force: true, maxRetries: 3 };
    await rm(join(streamsFolder(dataDir), name), how);
    await leases.release(name);
  }

  /** Of a name in the folder of all streams. */
  async function recoverEntry(
    name: string,
    onFound?: (stream: RecoveredStream) => void,
  ): Promise<RecoveredStream | undefined> {
    if (folders.byId.has(name)) return undefined;
    if (name.endsWith(REMOVED)) {
      await deleteRemoved(name.slice(0, -REMOVED.length));
      return undefined;
    }
    const reached = await reach(name);
    if (reached.kind !== "found") return undefined;
    onFound?.(reached.stream);
    return reached.stream;
  }

  return {
    reach,
    async recover(onFound): Promise<readonly RecoveredStream[]> {
      const { records } = folders;
      const entries = await readFolder(streamsFolder(dataDir));
      const queue = new PQueue({ concurrency: RECOVERED_AT_A_TIME });
      const found = await queue.addAll(entries.map((entry) => () => recoverEntry(entry, onFound)));
      const recovered = found.filter((stream) => stream !== undefined);
      const known = new Set(recovered.map(({ record }) => record.id));
      for (const record of await records.readBegun(parts.log)) {
        if (known.has(record.id)) await records.done(record.id);
        else {
          const folder = leases.isShared ? await moveInShared(parts, record) : parts.moveIn(record);
          if (folder === undefined) continue;
          recovered.push({ record, folder });
          onFound?.({ record, folder });
        }
      }
      if (!leases.isShared) await deleteUnfinished(archiveFolder(dataDir)).catch(ignoreMissing);
      return recovered;
    },
  };
}

async function recoverOne(parts: RecoverParts, id: string): Promise<ReachedStream> {
  const { log, leases } = parts;
  const taken = await leases.takeStored(id);
  if (taken.kind !== "own") return taken;
  const reached = await openFound(parts, id, taken.lease).catch((error: unknown): ReachedStream => {
    const { message } = toUpreelError(error);
    log.error("stream cannot be recovered", { stream: id, error: message });
    return { kind: "none" };
  });
  if (reached.kind === "none") await leases.release(id);
  if (reached.kind !== "found" || taken.lease?.isHeld() !== false) return reached;
  // The lease was lost while the stream was opened, and nobody else here knows the stream yet and could let it go.
  await reached.stream.folder[Symbol.asyncDispose]();
  parts.folders.letGo(id);
  return { kind: "unknown" };
}

async function openFound(
  { dataDir, log, leases, folders, later }: RecoverParts,
  id: string,
  lease: HeldLease | undefined,
): Promise<ReachedStream> {
  /** Not worth a stream: the next start finds the same again. */
  const noteUnsaved = (error: unknown): void =>
    log.error("a recovered record cannot be saved", {
      stream: id,
      error: toUpreelError(error).message,
    });
  const found = await recoverStream(streamPaths(dataDir, id), id, log);
  if (found === undefined) return { kind: "none" };
  const record = lease === undefined ? found.record : { ...found.record, fence: lease.fence };
  const folder = folders.open(record, found.ready, { isMade: true, lease });
  if (found.isChanged || record.fence !== found.record.fence)
    await folder.save(record).catch(noteUnsaved);
  await folder.resume();
  folders.records.adopt(record);
  if (record.state === "complete")
    later("what lies beside a finished film is not as it should be", id, () =>
      folder.tidyArchive(),
    );
  else if (leases.isShared) await deleteUnfinishedOf(dataDir, record);
  return { kind: "found", stream: { record, folder } };
}

/** Among several gateways, the first one that can take a stream that was begun gives it a folder. */
async function moveInShared(
  { dataDir, leases, folders, begin }: RecoverParts,
  record: StreamRecord,
): Promise<StreamFolder | undefined> {
  const { id } = record;
  const isKnown = folders.byId.has(id) || (await isThere(streamPaths(dataDir, id).record));
  if (isKnown) await folders.records.done(id);
  const lease = isKnown ? undefined : await leases.takeNew(id).catch(() => undefined);
  return lease && begin(record, lease);
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== "ENOENT") throw error;
}
