import type { StreamRecord, Log, SegmentLocation } from "@upreel/core";
import { linkArchive, unlinkArchive } from "./archive-links.ts";
import {
  hasWholeArchive,
  sliceOf,
  slicedArchive,
  type SlicedArchive,
} from "../records/archive-slices.ts";
import { locateSegment } from "./locate-segment.ts";
import { deleteSegments } from "../segments/segment-files.ts";
import type { StreamPaths } from "../records/stream-paths.ts";

/** Where the segments of one stream lie: in files of their own or, once it is archived, as slices of that. */
export class StreamArchive {
  readonly #paths: StreamPaths;
  readonly #log: Log;
  /** What the segments are slices of; undefined: they are files. */
  #sliced: SlicedArchive | undefined;
  /** Whether links to it may lie in the stream's folder. */
  #isLinked: boolean;

  constructor(paths: StreamPaths, log: Log, record: StreamRecord, { isNew = false } = {}) {
    this.#paths = paths;
    this.#log = log;
    this.#sliced = slicedArchive(record);
    this.#isLinked = !isNew;
  }

  /** A record was saved: from the moment that it tells of slices the files are not needed. */
  async follow(record: StreamRecord): Promise<void> {
    const sliced = slicedArchive(record);
    if (sliced === undefined) {
      if (!this.#isLinked) return;
      await unlinkArchive(this.#paths);
      this.#isLinked = false;
      return;
    }
    this.#isLinked = true;
    // In this order: what asks meanwhile finds the slice or, a moment before, the file.
    this.#sliced = sliced;
    await linkArchive(this.#paths, record, this.#log);
    await deleteSegments(this.#paths, this.#log);
  }

  /**
   * Whether it is there. `onLost` is called when it is not and segments were slices of it: at once, so
   * that nobody looks for what is nowhere.
   */
  async isWhole(record: StreamRecord, onLost: () => void): Promise<boolean> {
    if (await hasWholeArchive(record)) return true;
    if (this.#sliced !== undefined) {
      this.#sliced = undefined;
      onLost();
      await unlinkArchive(this.#paths);
    }
    return false;
  }

  locate(k: number): Promise<SegmentLocation> {
    return locateSegment(k, this.#paths.segment(k), () => this.#sliced);
  }

  /** Of a slice; undefined where segments are files. */
  lengthOf(k: number): number | undefined {
    return this.#sliced && sliceOf(this.#sliced.offsets, k)?.length;
  }
}
