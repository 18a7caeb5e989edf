import { toUpreelError, type EventSink, type StreamView, type Log } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { diskLevel, type DiskLevel, type Watermarks } from "./disk-level.ts";
import { watchForRoom, type DiskState } from "./room-comes-back.ts";
import { nextOverQuota, nextUnfinished, type StoredStream } from "./plan-eviction.ts";

export interface DiskKeeperParts {
  readonly streams: Pick<Streams, "list" | "get" | "remove" | "resume" | "holdBackground">;
  readonly log: Log;
  readonly events: EventSink;
  readonly nowMs: () => number;
  readonly readSpace: () => Promise<DiskState>;
  readonly readStreams: () => Promise<readonly StoredStream[]>;
  /** Finished films of other gateways in the same folder; `isFresh`: as they are now. Without, there are no others. */
  readonly readOthers?: ((isFresh: boolean) => Promise<readonly StoredStream[]>) | undefined;
  /** Does it while no other gateway makes room on this disk; or not at all. Without, there are no others. */
  readonly alone?: ((makeRoom: () => Promise<void>) => Promise<void>) | undefined;
}

export interface DiskKeeperOptions extends Watermarks {
  readonly retentionMs: number;
  /** What all finished films may take; undefined: no bound. */
  readonly quotaBytes: number | undefined;
  /** How often it looks. Default 5 s. */
  readonly everyMs?: number;
}

const LOOK_EVERY_MS = 5000;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Keeps room on the disk. Above the high watermark nothing is made but for those who watch, and the
 * unfinished work that nobody has wanted for the longest time is deleted; below the low one the rest
 * goes on by itself.
 */
export function createDiskKeeper(
  { streams, log, events, nowMs, readSpace, readStreams, readOthers, alone }: DiskKeeperParts,
  options: DiskKeeperOptions,
): AsyncDisposable {
  /** Undefined before the first look: streams that an earlier gateway held back may go on. */
  let level: DiskLevel | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isClosed = false;
  const roomFor = watchForRoom();

  function become(space: DiskState): void {
    const next = diskLevel(level ?? "roomy", space, options);
    if (next === level) return;
    const before = level;
    level = next;
    streams.holdBackground(level === "full");
    if (level === "full") {
      log.warn("The disk is nearly full: only films that somebody watches are upscaled");
      events.tell({ name: "disk.low", free_bytes: space.freeBytes });
    } else if (before === "full")
      log.info("There is free space on the disk again: everything continues");
  }

  async function evict({ id }: StoredStream, why: string): Promise<void> {
    const title = streams.get(id)?.title ?? id;
    const freed = await streams.remove(id);
    log.warn(`${title} was deleted ${why}: ${megabytes(freed)} freed`, { stream: id });
    events.tell({ name: "film.evicted", stream: id, title, freed_bytes: freed });
  }

  async function goOn({ id, title }: StreamView): Promise<void> {
    log.info(`${title}: continues, since the disk can be written to again`, { stream: id });
    // Somebody may have deleted it meanwhile.
    await streams.resume(id).catch((error: unknown) => log.debug(`${title} is left`, { error }));
  }

  async function look(): Promise<void> {
    const space = await readSpace();
    become(space);
    for (const each of roomFor(streams.list(), space)) await goOn(each);
    if (level !== "full" && options.quotaBytes === undefined) return;
    // Each of several gateways sees the same full disk: together they would delete more than is needed.
    await (alone?.(makeRoom) ?? makeRoom());
  }

  async function makeRoom(): Promise<void> {
    // Another one may just have done it.
    if (level === "full") become(await readSpace());
    const rules = { nowMs: nowMs(), retentionMs: options.retentionMs };
    while (level === "full" && !isClosed) {
      const next = nextUnfinished(await readStreams(), rules);
      if (next === undefined) break;
      await evict(next, "to make room on the disk");
      become(await readSpace());
    }
    const { quotaBytes } = options;
    if (quotaBytes === undefined) return;
    /** This gateway's film that is to go. One of another gateway's is deleted by that one. */
    const nextOwn = async (isFresh: boolean): Promise<StoredStream | undefined> => {
      const own = await readStreams();
      const others = (await readOthers?.(isFresh)) ?? [];
      const next = nextOverQuota([...own, ...others], rules, quotaBytes);
      return own.find(({ id }) => id === next?.id);
    };
    while (!isClosed && (await nextOwn(false)) !== undefined) {
      // Another gateway may just have made room.
      const next = await nextOwn(true);
      if (next === undefined) break;
      await evict(next, "to keep ARCHIVE_QUOTA");
    }
  }

  const lookAgain = (): void => {
    looking = looking.then(look).catch((error: unknown) => {
      log.error("Cannot look after the disk", { error: toUpreelError(error).message });
    });
  };
  lookAgain();
  const timer = setInterval(lookAgain, options.everyMs ?? LOOK_EVERY_MS);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}
