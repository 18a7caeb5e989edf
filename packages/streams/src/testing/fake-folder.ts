import {
  segmentCount,
  type Reason,
  type StreamRecord,
  type Timeline,
  type RunWatch,
  type StreamFolder,
  type WatchedRun,
} from "@upreel/core";

/** The folder of a stream in memory; tests publish into it and see what was called. */
export class FakeFolder implements StreamFolder {
  readonly ready = new Set<number>();
  readonly saved: StreamRecord[] = [];
  readonly calls: string[] = [];
  readonly rejected = new Map<number, Reason>();
  readonly #listeners = new Set<(k: number) => void>();
  /** Waited for by `remove`. */
  removing: Promise<void> = Promise.resolve();
  isArchiveThere = true;
  soundless: readonly number[] = [];
  timeline: Timeline | undefined;
  /** What keeps a run from being watched. */
  unwatchable: Error | undefined;
  /** The newest one first: it has what an older one left to it. */
  readonly #watches: { readonly run: WatchedRun; readonly published: number[] }[] = [];
  /** Runs that make segments again. */
  readonly replacing = new Set<string>();

  get listenerCount(): number {
    return this.#listeners.size;
  }
  onPublished(listener: (k: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  publish(k: number): void {
    this.ready.add(k);
    const isOf = ({ fromSegment, toSegment }: WatchedRun): boolean =>
      k >= fromSegment && k < toSegment;
    this.#watches.find(({ run }) => isOf(run))?.published.push(k);
    for (const listener of this.#listeners) listener(k);
  }
  readonly wantedAtMs: undefined;
  noteWanted(): void {}
  onListed(): () => void {
    return () => undefined;
  }
  async watchRun(run: WatchedRun): Promise<RunWatch> {
    if (this.unwatchable !== undefined) throw this.unwatchable;
    const watch = { run, published: [] as number[] };
    this.#watches.unshift(watch);
    if (run.replaces === true) this.replacing.add(run.runId);
    return {
      finish: () => {
        const rejected = [...this.rejected].map(([segment, reason]) => ({ segment, reason }));
        this.rejected.clear();
        return Promise.resolve({ published: watch.published, rejected });
      },
    };
  }
  setTimeline(timeline: Timeline): Promise<void> {
    this.timeline = timeline;
    for (const k of this.ready) if (k >= segmentCount(timeline)) this.ready.delete(k);
    return this.#call("setTimeline");
  }
  discardFrom(from: number): Promise<void> {
    for (const k of this.ready) if (k >= from) this.ready.delete(k);
    return this.#call(`discardFrom ${from}`);
  }
  isBroadcastOver = false;
  endBroadcast(): Promise<void> {
    this.isBroadcastOver = true;
    return this.#call("endBroadcast");
  }
  isOnAir(): boolean {
    return false;
  }
  restartBroadcast(startedAtMs: number): Promise<void> {
    this.isBroadcastOver = false;
    return this.#call(`restartBroadcast ${startedAtMs}`);
  }
  save(record: StreamRecord): Promise<void> {
    this.saved.push(record);
    return Promise.resolve();
  }
  async makeArchive(): Promise<{
    path: string;
    offsets: undefined;
    soundless: readonly number[];
  }> {
    await this.#call("makeArchive");
    return { path: "/upscaled/film.ts", offsets: undefined, soundless: this.soundless };
  }
  hasArchive(): Promise<boolean> {
    return Promise.resolve(this.isArchiveThere);
  }
  lengthOf(): never {
    throw new Error("not needed here");
  }

  locate(): never {
    throw new Error("not needed here");
  }
  async remove(): Promise<number> {
    this.calls.push("remove");
    await this.removing;
    this.calls.push("removed");
    return 7;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.#call("dispose");
  }
  #call(name: string): Promise<void> {
    this.calls.push(name);
    return Promise.resolve();
  }
}
