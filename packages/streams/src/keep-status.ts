import type { StreamRecord, StreamState, StreamView } from "@upreel/core";

/** What a status is made of that tells whether it would be another one. */
export interface Seen {
  readonly record: StreamRecord;
  readonly state: StreamState;
  readonly ready: ReadonlySet<number>;
  readonly runs: readonly unknown[];
  readonly isWatched: boolean;
}

/**
 * Thousands of finished films are listed many times a minute, and stay as they are: each status is made
 * anew only when its stream works, is watched, or was changed since.
 */
export function keepStatus() {
  let kept:
    | { readonly seen: Seen; readonly readyCount: number; readonly view: StreamView }
    | undefined;
  return (seen: Seen, isResting: boolean, make: () => StreamView): StreamView => {
    const { record, state, ready, runs, isWatched } = seen;
    if (!isResting || runs.length > 0 || isWatched) {
      kept = undefined;
      return make();
    }
    // Records are replaced, never changed.
    const isSame =
      kept?.seen.record === record && kept.seen.state === state && kept.readyCount === ready.size;
    if (!isSame || kept === undefined) kept = { seen, readyCount: ready.size, view: make() };
    return kept.view;
  };
}
