import { join } from "node:path";
import {
  noteStep,
  segmentFileName,
  toUpreelError,
  type ErrorCode,
  type RunEnd,
  type Log,
  type RunSummary,
  type RunWatch,
  type WatchedRun,
} from "@upreel/core";
import { replaceFile } from "@upreel/files";
import type { ExpectedSegment, SegmentProblem } from "../segments/check-segment.ts";
import { expectSegment } from "../segments/expect-segment.ts";
import type { FreeBytes } from "../ports.ts";
import type { HeldLease } from "../records/stream-leases.ts";
import {
  notOfRun,
  outsideRun,
  refused,
  reject,
  unpublished,
} from "../segments/segment-problems.ts";
import { publishSegment } from "../segments/publish-segment.ts";
import { listSegments } from "../segments/segment-files.ts";
import { deleteRunFolder, watchRunFolder, type FolderWatch } from "./watch-run-folder.ts";

/** The end of one good segment in 184 cannot be proved: so many of them one after another are no chance. */
const MOST_DOUBTS_IN_A_ROW = 4;
/** What a disk that is full or read-only did to a segment is tried again. */
const LACKS_DISK: ReadonlySet<ErrorCode> = new Set(["disk_full", "disk_read_only"]);

export interface RunWatchParts {
  /** Of this run alone; it may not exist yet. */
  readonly folder: string;
  readonly log: Log;
  readonly freeBytes: FreeBytes;
  readonly segmentsFolder: string;
  /** Of this gateway among several: without it nothing is published any more. */
  readonly lease?: HeldLease | undefined;
  /** Which segments of the stream are known to be published. */
  readonly ready?: ReadonlySet<number>;
  /** `pictures`: what it holds, fewer than usual at the end of the film. */
  readonly onPublished: (segment: number, pictures: number) => void;
}

/**
 * Publishes what one run writes. Events of the file system only say when to look: what is there is
 * told by reading the folder, and the last look, in `finish`, needs no event.
 */
export class FolderRunWatch implements RunWatch {
  readonly #parts: RunWatchParts;
  readonly #run: WatchedRun;
  readonly #watcher: Promise<FolderWatch | undefined>;
  readonly #published: number[] = [];
  readonly #takenBefore = { doubled: [] as number[], byOtherGateway: [] as number[] };
  /** Found wrong while the run went on; looked at again at its end. */
  readonly #problems = new Map<number, SegmentProblem>();
  /** Sweeps follow each other on this chain, so one segment is handled at a time. */
  #sweeps: Promise<void> = Promise.resolve();
  #isSweepQueued = false;

  constructor(parts: RunWatchParts, run: WatchedRun) {
    this.#parts = parts;
    this.#run = run;
    this.#watcher = watchRunFolder(parts.folder, parts.log, () => this.#look());
  }

  async finish(end: RunEnd): Promise<RunSummary> {
    await (await this.#watcher)?.close();
    await this.#sweeps;
    // A disk that fails costs what this run has not published, not the gateway.
    await this.#sweep(end).catch((error: unknown) =>
      this.#keepProblem(this.#run.fromSegment, unpublished(error, this.#parts.segmentsFolder)),
    );
    await deleteRunFolder(this.#parts.folder, this.#parts.log);
    const rejected = [...this.#problems].map(([segment, problem]) => reject(segment, problem));
    return { published: this.#published, rejected, ...this.#takenBefore };
  }

  /**
   * Segment `k`, made elsewhere: settles when it was looked at as if an encoder had written it here. Rejects with what
   * is wrong with it; that its end is not proved yet is no fault, unless that is so again and again.
   */
  async accept(k: number, bytes: Uint8Array): Promise<void> {
    const { fromSegment, toSegment } = this.#run;
    if (k < fromSegment || k >= toSegment) throw notOfRun(this.#run, k);
    // It has made the folder.
    await this.#watcher;
    const path = join(this.#parts.folder, segmentFileName(k));
    await replaceFile(path, bytes, { isDurable: false });
    this.#look();
    await this.#sweeps;
    const problem = this.#problems.get(k);
    if (problem === undefined) return;
    if (!problem.isDoubt || this.#doubtsUpTo(k) >= MOST_DOUBTS_IN_A_ROW) throw refused(problem);
  }

  /** How many segments before `k`, and `k` itself, wait one after another for the proof of their ends. */
  #doubtsUpTo(k: number): number {
    let from = k;
    while (this.#problems.get(from)?.isDoubt === true) from -= 1;
    return k - from;
  }

  /** Stops to watch and leaves the folder as it is (the next start deletes it). */
  async close(): Promise<void> {
    await (await this.#watcher)?.close();
    await this.#sweeps;
  }

  #look(): void {
    if (this.#isSweepQueued) return;
    this.#isSweepQueued = true;
    this.#sweeps = this.#sweeps
      .then(() => {
        this.#isSweepQueued = false;
        return this.#sweep(undefined);
      })
      .catch((error: unknown) =>
        this.#parts.log.error("cannot read a run folder", {
          folder: this.#parts.folder,
          error: toUpreelError(error).message,
        }),
      );
  }

  async #sweep(end: RunEnd | undefined): Promise<void> {
    for (const k of await listSegments(this.#parts.folder)) {
      const problem = this.#problems.get(k);
      // A bad file stays bad until the end of the run tells how long it had to be.
      const isHopeless =
        problem !== undefined && !LACKS_DISK.has(problem.code) && end === undefined;
      if (!isHopeless) await this.#handle(k, end);
    }
  }

  async #handle(k: number, end: RunEnd | undefined): Promise<void> {
    const expected = expectSegment(this.#run, k, end);
    this.#tell("written", k);
    const outcome =
      expected === undefined
        ? outsideRun(this.#run, k)
        : await this.#publish(k, expected, end).catch((error: unknown) =>
            unpublished(error, this.#parts.segmentsFolder),
          );
    if (typeof outcome === "object") {
      this.#keepProblem(k, outcome);
      return;
    }
    this.#problems.delete(k);
    const isFound = outcome === "already published" && this.#isFound(k);
    if (outcome !== "published") this.#takenBefore[isFound ? "byOtherGateway" : "doubled"].push(k);
    if ((outcome === "published" || isFound) && expected !== undefined) {
      this.#published.push(k);
      this.#parts.onPublished(k, expected.pictures);
      this.#tell("published", k);
    }
    // A good segment after one of unproven end proves that the run could still write then.
    if (this.#problems.get(k - 1)?.isDoubt === true) await this.#handle(k - 1, end);
  }

  /** Whether another gateway, in its last moment as the owner, has published segment `k` after this one looked. */
  #isFound(k: number): boolean {
    const { lease, ready } = this.#parts;
    return lease !== undefined && ready?.has(k) === false;
  }

  #keepProblem(segment: number, problem: SegmentProblem): void {
    const isNews = this.#problems.get(segment)?.message !== problem.message;
    this.#problems.set(segment, problem);
    if (!isNews || problem.isDoubt) return;
    const { code, message, expected, got } = problem;
    const run = this.#run.runId;
    this.#parts.log.warn("segment not published", { run, segment, code, message, expected, got });
  }

  #tell(step: "written" | "published", segment: number): void {
    if (segment === this.#run.fromSegment)
      noteStep(this.#parts.log, step, { run: this.#run.runId, segment });
  }

  #publish(
    k: number,
    expected: ExpectedSegment,
    end: RunEnd | undefined,
  ): Promise<"published" | "already published" | SegmentProblem> {
    const isGoodEnd = end?.why === "finished" || end?.why === "source_truncated";
    return publishSegment({
      from: join(this.#parts.folder, segmentFileName(k)),
      to: join(this.#parts.segmentsFolder, segmentFileName(k)),
      expected,
      trustsDoubt: isGoodEnd || this.#published.includes(k + 1),
      freeBytes: this.#parts.freeBytes,
      replaces: this.#run.replaces === true,
      mayPublish: () => this.#parts.lease?.isHeld() !== false,
    });
  }
}
