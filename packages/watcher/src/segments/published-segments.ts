import { segmentCount, segmentFrames, type Timeline } from "@upreel/core";

/** Which segments of a stream are published, as far as its film goes. */
export class PublishedSegments {
  readonly #ready: Set<number>;
  readonly #listeners = new Set<(segment: number) => void>();
  #timeline: Timeline | undefined;

  constructor(timeline: Timeline | undefined, ready: Iterable<number>) {
    this.#timeline = timeline;
    this.#ready = new Set(ready);
  }

  get ready(): ReadonlySet<number> {
    return this.#ready;
  }

  get timeline(): Timeline | undefined {
    return this.#timeline;
  }

  /** Returns the unsubscribe function. */
  onAdded(listener: (segment: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sets the timeline of the film. Segments past its end do not belong to it any more. */
  setTimeline(timeline: Timeline): void {
    this.#timeline = timeline;
    const count = segmentCount(timeline);
    for (const k of this.#ready) if (k >= count) this.#ready.delete(k);
  }

  /** `pictures`: how many segment `k` holds. `beforeTold` is called before the listeners. */
  add(k: number, pictures: number, beforeTold: () => void): void {
    const timeline = this.#timeline;
    const end = k * (timeline?.framesPerSegment ?? 0) + pictures;
    this.#ready.add(k);
    // A short segment is the end of the film: a list that still had the longer timeline would tell
    // a wrong length first, and clients may not see it change.
    const isCut = timeline !== undefined && end < segmentFrames(timeline, k).end;
    if (isCut) this.#timeline = { ...timeline, frameCount: end };
    beforeTold();
    for (const listener of this.#listeners) listener(k);
  }

  /** Returns which they were. */
  dropFrom(k: number): number[] {
    const dropped = [...this.#ready].filter((ready) => ready >= k);
    for (const segment of dropped) this.#ready.delete(segment);
    return dropped;
  }

  clear(): void {
    this.#ready.clear();
  }
}
