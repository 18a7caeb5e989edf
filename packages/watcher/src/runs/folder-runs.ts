import { UpreelError, type Log, type RunWatch, type WatchedRun } from "@upreel/core";
import type { FreeBytes } from "../ports.ts";
import type { HeldLease } from "../records/stream-leases.ts";
import { FolderRunWatch } from "./run-watch.ts";
import type { StreamPaths } from "../records/stream-paths.ts";

interface FolderRunsParts {
  readonly log: Log;
  readonly freeBytes: FreeBytes;
  readonly paths: StreamPaths;
  readonly lease?: HeldLease | undefined;
  readonly ready: ReadonlySet<number>;
}

/** The runs of one stream that go on, by their ids. */
export class FolderRuns {
  readonly #parts: FolderRunsParts;
  readonly #onPublished: (segment: number, pictures: number) => void;
  readonly #runs = new Map<string, FolderRunWatch>();

  constructor(parts: FolderRunsParts, onPublished: (segment: number, pictures: number) => void) {
    this.#parts = parts;
    this.#onPublished = onPublished;
  }

  watch(run: WatchedRun): RunWatch {
    const { log, freeBytes, paths, lease, ready } = this.#parts;
    const parts = {
      ...{ log, freeBytes, lease, ready },
      ...{ folder: paths.run(run.runId), segmentsFolder: paths.segments },
      onPublished: this.#onPublished,
    };
    const watched = new FolderRunWatch(parts, run);
    this.#runs.set(run.runId, watched);
    return {
      finish: async (end) => {
        this.#runs.delete(run.runId);
        return await watched.finish(end);
      },
    };
  }

  async accept(runId: string, k: number, bytes: Uint8Array): Promise<void> {
    const run = this.#runs.get(runId);
    if (run === undefined) throw noSuchRun(runId);
    await run.accept(k, bytes);
  }

  /** What they write from now on is deleted at the next start. */
  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.close()));
    this.#runs.clear();
  }
}

export const noSuchRun = (runId: string): UpreelError =>
  new UpreelError(
    "segment_not_found",
    `The run ${runId} is over: its segments are no longer accepted`,
    {
      expected: "a run that goes on",
      got: runId,
    },
  );
