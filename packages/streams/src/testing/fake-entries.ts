import { join } from "node:path";
import { UpreelError, type StreamView } from "@upreel/core";
import type { StreamEvent } from "@upreel/streams";
import { BLANK_VIEW } from "./blank-view.ts";
import { createFakeSegments, type FakeSegments } from "./fake-segments.ts";

interface FakeEntry {
  readonly status: StreamView;
  readonly segments: FakeSegments;
}

/** The streams that there are, and who is told of their changes. */
export interface FakeEntries {
  readonly get: (id: string) => FakeEntry | undefined;
  /** Throws `stream_not_found`. */
  readonly find: (id: string) => FakeEntry;
  /** Of a stream that need not be there. */
  readonly segmentsOf: (id: string) => FakeSegments;
  readonly views: () => StreamView[];
  readonly put: (changed: Partial<StreamView> & { id: string }) => StreamView;
  readonly remove: (id: string) => void;
  /** It is another gateway's now. */
  readonly leave: (id: string) => void;
  readonly subscribe: (listener: (event: StreamEvent) => void) => () => void;
  readonly listenerCount: () => number;
}

export function createFakeEntries(dataDir: string): FakeEntries {
  const entries = new Map<string, FakeEntry>();
  const listeners = new Set<(event: StreamEvent) => void>();
  const emit = (event: StreamEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const segmentsOf = (id: string): FakeSegments =>
    entries.get(id)?.segments ?? createFakeSegments(join(dataDir, "streams", id));
  return {
    get: (id) => entries.get(id),
    find(id) {
      const entry = entries.get(id);
      if (entry === undefined) throw new UpreelError("stream_not_found", `no stream ${id}`);
      return entry;
    },
    segmentsOf,
    views: () => [...entries.values()].map(({ status }) => status),
    put(changed) {
      const { id } = changed;
      // Each is of a film of its own, unless a test says otherwise.
      const status = { ...(entries.get(id)?.status ?? { ...BLANK_VIEW, film: id }), ...changed };
      entries.set(id, { status, segments: segmentsOf(id) });
      emit({ type: "status", status });
      return status;
    },
    remove(id) {
      entries.delete(id);
      emit({ type: "removed", id });
    },
    leave(id) {
      entries.delete(id);
      emit({ type: "left", id });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listenerCount: () => listeners.size,
  };
}
