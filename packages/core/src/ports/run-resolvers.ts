import type { FoundFile, RunName, RungRef, SourceRef } from "../run/run-order.ts";

/** Finds the films of orders on the machine that runs them. */
export interface SourceFinder {
  /** Where the file lies here. Throws a `source_*` code. */
  findSource(source: SourceRef, signal: AbortSignal): Promise<FoundFile>;
}

/** Finds networks on the machine that runs them. */
export interface ModelStore {
  /** Path here of the network with this hash. Throws `model_unknown`. */
  fileOf(model: Pick<RungRef["model"], "id" | "hash">, signal: AbortSignal): Promise<string>;
}

/** Takes the segments of runs for the streams that they are of. */
export interface SegmentSink {
  /** For a run whose encoder writes files on this machine: no bytes are copied where the streams are here, too. */
  open(run: RunName): SegmentFolder | Promise<SegmentFolder>;
  /**
   * A whole segment from a machine that has no such folder: settles when it was judged as if it had been
   * written here, and throws where no such run goes on, or what is wrong with the segment.
   */
  accept(run: RunName, segment: number, bytes: Uint8Array): Promise<void>;
}

export interface SegmentFolder {
  /** A segment has its final name there once it is whole. */
  readonly path: string;
  /** The run is over: settles when all that it wrote is where its stream is. */
  close(): Promise<void>;
}

/** What turns an order into work on this machine. */
export interface RunResolvers {
  readonly sources: SourceFinder;
  readonly models: ModelStore;
  readonly segments: Pick<SegmentSink, "open">;
}
