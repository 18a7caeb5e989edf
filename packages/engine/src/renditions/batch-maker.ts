import { randomUUID } from "node:crypto";
import { access, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type FileIdentity } from "@upreel/core";
import {
  lowerPriority,
  sourceUnavailable,
  startEncoder,
  unreadableLine,
  type SoundRequest,
} from "@upreel/media";
import { makeFolder } from "@upreel/files";
import { publishRendition } from "@upreel/watcher";
import type { MediaFiles } from "@upreel/sources";
import PQueue from "p-queue";

/** Files that are made together. */
interface Batch {
  /** What it is, for messages: "sound of track 2". */
  readonly what: string;
  /** What it is made from. */
  readonly source: FileIdentity;
  /** Where the files are served from. */
  readonly folder: string;
  /** Where a folder to work in may be made, on the same disk. */
  readonly runs: string;
  readonly names: readonly string[];
  /** Of each ffmpeg that it takes, one after the other. */
  readonly argumentsFor: (workFolder: string) => readonly (readonly string[])[];
  /** The sound that ffmpeg encodes, the first time and as the fallback. */
  readonly sound?: {
    readonly first: SoundRequest | undefined;
    readonly fallback: SoundRequest | undefined;
  };
  /** Makes them, too, at another price: for those that the first way left out. */
  readonly fallbackFor?: (workFolder: string) => readonly (readonly string[])[];
  /** A file that is not good is made by the fallback. */
  readonly isGood?: (path: string) => Promise<boolean>;
}

/** Makes files when they are asked for, once, and keeps them. */
export interface BatchMaker extends AsyncDisposable {
  /**
   * Settles when `name`, one of the names of `batch`, lies in its folder. Whoever asks meanwhile for
   * the same batch waits for the same work. Rejects with `decoder_failed`, `disk_full`, `timeout`, or
   * what the source has become (`source_changed`, `source_unavailable` …).
   */
  need(batch: Batch, name: string): Promise<void>;
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
  const queue = new PQueue({ concurrency: atATime });
  const making = new Map<string, Promise<void>>();

  async function runAll(
    batch: Pick<Batch, "what" | "source">,
    steps: readonly (readonly string[])[],
    sound: SoundRequest | undefined,
  ): Promise<void> {
    for (const args of steps) await run(batch, args, sound);
  }

  async function run(
    { what, source }: Pick<Batch, "what" | "source">,
    args: readonly string[],
    sound: SoundRequest | undefined,
  ): Promise<void> {
    closing.signal.throwIfAborted();
    const deadline = AbortSignal.timeout(longestMs);
    const started = startEncoder(args, sound, {
      ffmpeg,
      name: what,
      signal: AbortSignal.any([closing.signal, deadline]),
    });
    lowerPriority(started.pid, niceness);
    const { exitCode, stderrTail } = await started.exited;
    closing.signal.throwIfAborted();
    if (deadline.aborted)
      throw new UpreelError("timeout", `ffmpeg did not make the ${what} in time`, {
        expected: `within ${longestMs / 1000} s`,
      });
    // It takes that for the end of the film, and what it made until then for the whole.
    const unread = unreadableLine(stderrTail, source.path);
    if (unread !== undefined) throw sourceUnavailable(source.path, unread);
    if (exitCode !== 0)
      throw new UpreelError("decoder_failed", `ffmpeg cannot make the ${what}`, {
        got: stderrTail.split("\n").at(-1) ?? "no word of it",
      });
  }

  async function make(batch: Batch): Promise<void> {
    const work = join(batch.runs, `rendition-${randomUUID()}`);
    const fallback = join(work, "fallback");
    await makeFolder(fallback);
    try {
      const { source, sound, fallbackFor } = batch;
      await files.use(source, () => runAll(batch, batch.argumentsFor(work), sound?.first));
      const good = new Set<string>();
      for (const name of batch.names) {
        const path = join(work, name);
        if ((await holdsSomething(path)) && (await batch.isGood?.(path)) !== false) good.add(name);
      }
      if (good.size < batch.names.length && fallbackFor !== undefined)
        await files.use(source, () => runAll(batch, fallbackFor(fallback), sound?.fallback));
      for (const name of batch.names) {
        const from = join(good.has(name) ? work : fallback, name);
        if (!(await holdsSomething(from)))
          throw new UpreelError("decoder_failed", `ffmpeg has nothing for the ${batch.what}`, {
            expected: `packets for ${name}`,
          });
        await publishRendition(from, join(batch.folder, name));
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  return {
    async need(batch, name) {
      if (await isThere(join(batch.folder, name))) return;
      const key = join(batch.folder, batch.names[0] ?? "");
      const running = making.get(key);
      if (running !== undefined) return await running;
      const made = queue.add(() => make(batch)).finally(() => making.delete(key));
      making.set(key, made);
      await made;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled(making.values());
    },
  };
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
