import { randomUUID } from "node:crypto";
import { access, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { UpreelError, type FileIdentity } from "@upreel/core";
import type { SoundRequest } from "@upreel/media";
import { makeFolder } from "@upreel/files";
import { publishRendition } from "@upreel/watcher";
import type { MediaFiles } from "@upreel/sources";
import PQueue from "p-queue";
import { handOnAsMade } from "./hand-on.ts";
import { runFfmpeg, type FfmpegStep } from "./run-ffmpeg.ts";

/** Files that are made together. */
export interface Batch {
  /** What it is, for messages: "sound of track 2". */
  readonly what: string;
  /** The file that it is made from; undefined: only what `feed` writes is read. */
  readonly source?: FileIdentity | undefined;
  /** Writes what ffmpeg reads from standard input, and ends that. */
  readonly feed?: (stdin: Writable) => Promise<void>;
  /** Where the files are served from. */
  readonly folder: string;
  /** Where a folder to work in may be made, on the same disk. */
  readonly runs: string;
  readonly names: readonly string[];
  /** Of each ffmpeg that it takes, one after the other. */
  readonly argumentsFor: (workFolder: string) => readonly FfmpegStep[];
  /** The sound that ffmpeg encodes, the first time and as the fallback. */
  readonly sound?: {
    readonly first: SoundRequest | undefined;
    readonly fallback: SoundRequest | undefined;
  };
  /** Makes them, too, at another price: for those that the first way left out. */
  readonly fallbackFor?: (workFolder: string) => readonly FfmpegStep[];
  /** What is done, one after the other, while ffmpeg fails before it has made any of them. */
  readonly ifFailed?: readonly ((workFolder: string) => readonly FfmpegStep[])[];
  /** A file that is not good is made by the fallback. */
  readonly isGood?: (path: string) => Promise<boolean>;
  /**
   * Called for each file as soon as it lies in its folder. For an ffmpeg that gives files their names when they are
   * whole: they are published while the others are made.
   */
  readonly onMade?: (name: string) => void;
  /** Ends it; what is published by then stays. */
  readonly signal?: AbortSignal;
}

/** Makes files when they are asked for, once, and keeps them. */
export interface BatchMaker extends AsyncDisposable {
  /**
   * Settles when `name`, one of the names of `batch`, lies in its folder. Whoever asks meanwhile for
   * the same batch waits for the same work. Rejects with `decoder_failed`, `disk_full`, `timeout`, or
   * what the source has become (`source_changed`, `source_unavailable` …).
   */
  need(batch: Batch, name: string): Promise<void>;
  /** Settles when all names of `batch` lie in its folder; whether they do already, and whether others make them, is not asked. */
  make(batch: Batch): Promise<void>;
}

interface BatchParts {
  readonly ffmpeg: string;
  readonly files: Pick<MediaFiles, "use">;
  /** ffmpegs at a time; more wait. */
  readonly atATime: number;
  /** A file on a dead network mount would take for ever. */
  readonly longestMs: number;
  /** Of the ffmpegs; by default that of the gateway. */
  readonly niceness?: number;
}

export function createBatchMaker({
  ffmpeg,
  files,
  atATime,
  longestMs,
  niceness,
}: BatchParts): BatchMaker {
  const closing = new AbortController();
  const program = { ffmpeg, longestMs, niceness, closing: closing.signal };
  const queue = new PQueue({ concurrency: atATime });
  /** By their first names. */
  const making = new Map<string, Promise<void>>();
  const unsettled = new Set<Promise<void>>();

  async function makeNow(batch: Batch): Promise<void> {
    const work = join(batch.runs, `rendition-${randomUUID()}`);
    const fallback = join(work, "fallback");
    await makeFolder(fallback);
    const published = new Set<string>();
    const publish = async (from: string, name: string): Promise<void> => {
      await publishRendition(join(from, name), join(batch.folder, name));
      published.add(name);
      batch.onMade?.(name);
    };
    /** `steps` write into `folder`. */
    const runIn = async (
      folder: string,
      steps: readonly FfmpegStep[],
      sound: SoundRequest | undefined,
    ): Promise<void> => {
      await using _ =
        batch.onMade === undefined
          ? undefined
          : handOnAsMade(
              folder,
              batch.names.filter((name) => !published.has(name)),
              publish,
            );
      const run = async (): Promise<void> => {
        for (const step of steps) await runFfmpeg(step, { ...program, ...batch, sound });
      };
      await (batch.source === undefined ? run() : files.use(batch.source, run));
    };
    try {
      const { sound, fallbackFor, ifFailed = [] } = batch;
      const first = () => runIn(work, batch.argumentsFor(work), sound?.first);
      const others = ifFailed.map((next) => () => runIn(work, next(work), undefined));
      await untilOneWorks([first, ...others], () => published.size === 0);
      const good = new Set(published);
      for (const name of batch.names) {
        const path = join(work, name);
        if ((await holdsSomething(path)) && (await batch.isGood?.(path)) !== false) good.add(name);
      }
      if (good.size < batch.names.length && fallbackFor !== undefined)
        await runIn(fallback, fallbackFor(fallback), sound?.fallback);
      for (const name of batch.names) {
        if (published.has(name)) continue;
        const from = good.has(name) ? work : fallback;
        if (!(await holdsSomething(join(from, name))))
          throw new UpreelError("decoder_failed", `ffmpeg has nothing for the ${batch.what}`, {
            expected: `packets for ${name}`,
          });
        await publish(from, name);
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  function make(batch: Batch): Promise<void> {
    const made = queue
      .add(() => makeNow(batch))
      .finally(() => {
        unsettled.delete(made);
      });
    unsettled.add(made);
    return made;
  }

  return {
    make,
    async need(batch, name) {
      if (await isThere(join(batch.folder, name))) return;
      const key = join(batch.folder, batch.names[0] ?? "");
      const running = making.get(key);
      if (running !== undefined) return await running;
      const made = make(batch).finally(() => making.delete(key));
      making.set(key, made);
      await made;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled(unsettled);
    },
  };
}

/** Goes on with the next of `ways` where ffmpeg fails, as long as it may. */
async function untilOneWorks(
  [way, ...others]: readonly (() => Promise<void>)[],
  mayGoOn: () => boolean,
): Promise<void> {
  try {
    await way?.();
  } catch (thrown) {
    const isFailure = thrown instanceof UpreelError && thrown.code === "decoder_failed";
    if (!isFailure || others.length === 0 || !mayGoOn()) throw thrown;
    await untilOneWorks(others, mayGoOn);
  }
}

/** ffmpeg makes all files of a batch, also those that it has no packets for. */
const holdsSomething = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
