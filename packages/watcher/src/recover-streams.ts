import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { toUpreelError, type Log, type RecoveredStream, type StreamRecord } from "@upreel/core";
import { errnoOf } from "@upreel/files";
import PQueue from "p-queue";
import type { OpenFolders } from "./open-folders.ts";
import { deleteUnfinished, recoverStream } from "./recover-stream.ts";
import type { DiskStreamFolder } from "./stream-folder.ts";
import { archiveFolder, streamPaths, streamsFolder } from "./stream-paths.ts";
import type { WorkBehind } from "./work-behind.ts";

/** More would only wait for Node's four threads for files. */
const RECOVERED_AT_A_TIME = 8;

export interface RecoverParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly folders: OpenFolders;
  readonly later: WorkBehind;
  /** Of a stream that was begun, and has no folder yet. */
  readonly moveIn: (record: StreamRecord) => DiskStreamFolder;
}

/** Takes over the streams that a stopped gateway left. */
export async function recoverStreams(parts: RecoverParts): Promise<readonly RecoveredStream[]> {
  const { dataDir, log, moveIn } = parts;
  const { records } = parts.folders;
  const entries = await readFolder(streamsFolder(dataDir));
  const queue = new PQueue({ concurrency: RECOVERED_AT_A_TIME });
  const found = await queue.addAll(entries.map((entry) => () => recoverEntry(parts, entry)));
  const recovered = found.filter((stream) => stream !== undefined);
  const known = new Set(recovered.map(({ record }) => record.id));
  for (const record of await records.readBegun(log)) {
    if (known.has(record.id)) await records.done(record.id);
    else recovered.push({ record, folder: moveIn(record) });
  }
  await deleteUnfinished(archiveFolder(dataDir)).catch(ignoreMissing);
  return recovered;
}

/** Of a name in the folder of all streams. */
async function recoverEntry(
  parts: RecoverParts,
  name: string,
): Promise<RecoveredStream | undefined> {
  if (!name.endsWith(".removed")) return recoverOne(parts, name);
  await rm(join(streamsFolder(parts.dataDir), name), { recursive: true, force: true });
  return undefined;
}

async function recoverOne(
  { dataDir, log, folders, later }: RecoverParts,
  id: string,
): Promise<RecoveredStream | undefined> {
  /** Not worth a stream: the next start finds the same again. */
  const noteUnsaved = (error: unknown): void =>
    log.error("a recovered record cannot be saved", {
      stream: id,
      error: toUpreelError(error).message,
    });
  try {
    const found = await recoverStream(streamPaths(dataDir, id), id, log);
    if (found === undefined) return undefined;
    const folder = folders.open(found.record, found.ready, true);
    if (found.isChanged) await folder.save(found.record).catch(noteUnsaved);
    await folder.resume();
    folders.records.adopt(found.record);
    if (found.record.state === "complete")
      later("what lies beside a finished film is not as it should be", id, () =>
        folder.tidyArchive(),
      );
    return { record: found.record, folder };
  } catch (error) {
    const { message } = toUpreelError(error);
    log.error("stream cannot be recovered", { stream: id, error: message });
    return undefined;
  }
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
