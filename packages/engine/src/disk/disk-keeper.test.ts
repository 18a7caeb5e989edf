import type { EventTold } from "@upreel/core";
import { eventually, makeRecordingLog, makeSharedLeases } from "@upreel/testkit";
import { expect, test } from "vitest";
import { unlessAnotherGateway } from "./alone-among-gateways.ts";
import { createDiskKeeper, type DiskKeeperOptions, type DiskKeeperParts } from "./disk-keeper.ts";
import type { StoredStream } from "./plan-eviction.ts";

const OPTIONS: DiskKeeperOptions = {
  high: { kind: "free", bytes: 10 },
  low: { kind: "free", bytes: 20 },
  retentionMs: 10,
  quotaBytes: undefined,
  everyMs: 5,
};

/** A disk of 1000 bytes with streams of 5 bytes each. */
function makeDisk(
  freeBytes: number,
  ids: readonly string[],
  options = OPTIONS,
  { alone, readOthers }: Pick<DiskKeeperParts, "alone" | "readOthers"> = {},
) {
  const disk = { freeBytes, held: [] as boolean[], removed: [] as string[], looks: 0 };
  const told: EventTold[] = [];
  const left = (): string[] => ids.filter((id) => !disk.removed.includes(id));
  const log = makeRecordingLog();
  const keeper = createDiskKeeper(
    {
      log,
      events: { tell: (event) => void told.push(event) },
      nowMs: () => 1000,
      streams: {
        list: () => [],
        get: () => undefined,
        resume: () => Promise.resolve(),
        holdBackground: (isHeld) => void disk.held.push(isHeld),
        async remove(id) {
          disk.removed.push(id);
          disk.freeBytes += 5;
          return 5;
        },
      },
      async readSpace() {
        disk.looks += 1;
        return { freeBytes: disk.freeBytes, totalBytes: 1000, isWritable: true };
      },
      readStreams: async () =>
        left().map((id, index): StoredStream => ({
          ...{ id, isPinned: false, viewers: 0, wantedAtMs: index },
          ...(id.startsWith("film")
            ? { state: "complete", archiveBytes: 5 }
            : { state: "idle", archiveBytes: 0 }),
        })),
      ...{ alone, readOthers },
    },
    options,
  );
  const looksAgain = async (): Promise<void> => {
    const { looks } = disk;
    await eventually("another look", () => disk.looks > looks + 1);
  };
  return { disk, keeper, log, told, looksAgain };
}

test("with room enough nothing is held back or deleted", async () => {
  const { disk, keeper, looksAgain } = makeDisk(15, ["a"]);
  await looksAgain();
  await keeper[Symbol.asyncDispose]();
  expect([disk.held, disk.removed]).toEqual([[false], []]);
});

test("above the high mark the background waits and old work goes until the low one is met", async () => {
  const { disk, keeper, log, told, looksAgain } = makeDisk(9, ["a", "b", "c", "d", "e"]);
  await looksAgain();
  await keeper[Symbol.asyncDispose]();
  expect(disk.held).toEqual([true, false]);
  expect(disk.removed).toEqual(["a", "b", "c"]);
  expect(log.entries.map(({ message }) => message)).toContain(
    "a was deleted to make room on the disk: 0.0 MB freed",
  );
  expect(told).toEqual([
    { name: "disk.low", free_bytes: 9 },
    ...["a", "b", "c"].map((id) => ({
      ...{ name: "film.evicted", stream: id, title: id, freed_bytes: 5 },
    })),
  ]);
});

test("with nothing to delete the background waits until there is room", async () => {
  const { disk, keeper, looksAgain } = makeDisk(9, ["film"]);
  await looksAgain();
  expect([disk.held, disk.removed]).toEqual([[true], []]);
  disk.freeBytes = 19;
  await looksAgain();
  expect(disk.held).toEqual([true]);
  disk.freeBytes = 21;
  await looksAgain();
  await keeper[Symbol.asyncDispose]();
  expect(disk.held).toEqual([true, false]);
});

test("films above the quota go", async () => {
  const films = ["film 1", "film 2", "film 3"];
  const { disk, keeper, looksAgain } = makeDisk(500, films, { ...OPTIONS, quotaBytes: 9 });
  await looksAgain();
  await keeper[Symbol.asyncDispose]();
  expect(disk.removed).toEqual(["film 1", "film 2"]);
});

test("films of other gateways count for the quota, and are deleted by those", async () => {
  const film = (id: string, wantedAtMs: number): StoredStream => ({
    ...{ id, state: "complete", isPinned: false, viewers: 0, wantedAtMs, archiveBytes: 5 },
  });
  // Older than all here: that gateway deletes it when it looks, which it has not done yet.
  let others = [film("other", -1)];
  const readOthers = async (isFresh: boolean) => (isFresh ? others : [film("other", 10)]);
  const options = { ...OPTIONS, quotaBytes: 9 };
  const { disk, keeper, looksAgain } = makeDisk(500, ["film 1", "film 2"], options, { readOthers });
  await looksAgain();
  expect(disk.removed).toEqual([]);
  others = [film("other", 10)];
  await looksAgain();
  await keeper[Symbol.asyncDispose]();
  expect(disk.removed).toEqual(["film 1", "film 2"]);
});

test("a disk that cannot be looked at is told and looked at again", async () => {
  const log = makeRecordingLog();
  let looks = 0;
  const keeper = createDiskKeeper(
    {
      log,
      events: { tell: () => undefined },
      nowMs: () => 0,
      streams: {
        list: () => [],
        get: () => undefined,
        resume: () => Promise.resolve(),
        holdBackground: () => {},
        remove: async () => 0,
      },
      async readSpace() {
        looks += 1;
        throw new Error("EIO");
      },
      readStreams: async () => [],
    },
    OPTIONS,
  );
  await eventually("two looks", () => looks >= 2);
  await keeper[Symbol.asyncDispose]();
  expect(log.entries[0]?.message).toBe("Cannot look after the disk");
});

test("while another gateway makes room, nothing is deleted, and afterwards no more than is needed", async () => {
  const leases = makeSharedLeases();
  const [one, other] = [leases.at("http://one"), leases.at("http://other")];
  await other.take("room", 0);
  let asked = 0;
  const { disk, keeper } = makeDisk(5, ["a", "b", "c", "d"], OPTIONS, {
    alone(makeRoom) {
      asked += 1;
      return unlessAnotherGateway(one, "room", makeRoom);
    },
  });
  await eventually("it finds the disk full, twice", () => asked > 1);
  expect(disk.removed).toEqual([]);
  // The other one has deleted of its own what was needed.
  disk.freeBytes = 30;
  await other.release("room");
  await eventually("it goes on", () => disk.held.at(-1) === false);
  expect(disk.removed).toEqual([]);
  await keeper[Symbol.asyncDispose]();
});
