import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Leases, StreamFolder, StreamFolders, StreamRecord } from "@upreel/core";
import {
  makeManualClock,
  makeRecordingLog,
  makeSegmentBytes,
  makeTempFolder,
  makeTimeline,
  pictureTimes,
} from "@upreel/testkit";
import { inspectSegment } from "../transport-stream/inspect-segment.ts";
import type { CountPictures, FreeBytes, PictureCount } from "../ports.ts";
import { DiskRecords } from "../records/disk-records.ts";
import { DiskStreamFolder } from "../folders/stream-folder.ts";
import { createStreamFolders } from "../folders/stream-folders.ts";
import { streamPaths } from "../records/stream-paths.ts";

// 8 segments of 13 frames, but for the last, which has 9.
export const timeline = makeTimeline(100);
export const segment = (k: number): Buffer =>
  makeSegmentBytes({ times: pictureTimes(k * 13, k === 7 ? 9 : 13), audioPackets: 1 });
export const film = Buffer.concat(Array.from({ length: 8 }, (_, k) => segment(k)));
export const { signal } = new AbortController();

/**
 * A data folder of its own, or `dataDir`, as `createStreamFolders` gets it; `open` again is a restart. Whatever a test leaves
 * open ends with it: a live playlist would have its timer in other tests.
 */
export async function openData(
  countPictures: CountPictures = countInBytes,
  freeBytes: FreeBytes = async () => 2 ** 40,
  dataDir?: string,
) {
  const temp = await makeTempFolder();
  const path = dataDir ?? temp.path;
  const log = makeRecordingLog();
  const clock = makeManualClock();
  const opened = new Set<StreamFolder>();
  const open = (leases?: Leases) => {
    const folders = createStreamFolders(
      { clock, log, countPictures, freeBytes, leases },
      { dataDir: path, listSize: 10 },
    );
    const recover: StreamFolders["recover"] = (onFound) =>
      folders.recover((found) => {
        opened.add(found.folder);
        onFound?.(found);
      });
    const reach: StreamFolders["reach"] = async (id) => {
      const answer = await folders.reach(id);
      if (answer.kind === "found") opened.add(answer.stream.folder);
      return answer;
    };
    return {
      ...{ ...folders, recover, reach },
      /** With its folders on the disk, into which a test may write at once. */
      async create(record: StreamRecord) {
        const folder = await folders.create(record);
        opened.add(folder);
        if (folder instanceof DiskStreamFolder) await folder.moveIn();
        return folder;
      },
    };
  };
  return {
    ...{ log, clock, open, path, folders: open() },
    at: (...names: string[]) => join(path, ...names),
    async put(bytes: Uint8Array | string, ...names: string[]) {
      await mkdir(dirname(join(path, ...names)), { recursive: true });
      await writeFile(join(path, ...names), bytes);
    },
    async [Symbol.asyncDispose]() {
      for (const folder of opened) await folder[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

export type DataFolder = Awaited<ReturnType<typeof openData>>;

/** The folder of a stream of which nothing is on the disk. */
export function openUnmade({ clock, log, path }: DataFolder, record: StreamRecord) {
  const parts = {
    ...{ clock, log, countPictures: countInBytes, freeBytes: async () => 2 ** 40 },
    ...{ dataDir: path, listSize: 10, paths: streamPaths(path, record.id) },
    ...{ isArchiveTaken: () => false, records: new DiskRecords(path), isMade: false },
  };
  return new DiskStreamFolder(parts, record, []);
}

export async function countInBytes(file: string): Promise<PictureCount> {
  const { pictures } = inspectSegment(await readFile(file));
  return { frames: pictures.length, durationSeconds: pictures.length / 25, startSeconds: 9.6 };
}

/** A stream whose segments 0 to `count` are published. */
export async function makeStream(data: DataFolder, record: StreamRecord, count: number) {
  const folder = await data.folders.create(record);
  await folder.setTimeline(timeline);
  const order = {
    runId: "r",
    timeline,
    fromSegment: 0,
    toSegment: 8,
  };
  const run = await folder.watchRun(order);
  for (let k = 0; k < count; k += 1) {
    await data.put(segment(k), "streams", record.id, "runs", "r", `00000${k}.ts`);
  }
  await run.finish({ why: "finished", frames: Math.min(count * 13, 100) });
  return folder;
}
