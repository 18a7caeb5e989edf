import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Priority, StreamState, StreamStatus } from "@upreel/core";
import { ofAnyVersion } from "@upreel/core/plain";
import { followEvents } from "../../api/events.ts";
import type { GatewayError } from "../../api/gateway.ts";
import { groupByFilm } from "./film-groups.ts";
import { createRecorder, type History, type Recorder } from "./history.ts";

/** What the dashboard knows of one stream; only those who read a signal are drawn again. */
export interface StreamEntry {
  readonly status: ReadonlySignal<StreamStatus>;
  history(): History;
}

/** `loading` until the first answer; `lost` while the gateway does not answer. */
type Line =
  | { readonly kind: "loading" | "live" | "lost" }
  | { readonly kind: "refused"; readonly error: GatewayError };

export interface StreamStore {
  readonly line: ReadonlySignal<Line>;
  /** In the order in which they are shown; changes only when that order does. */
  readonly ids: ReadonlySignal<readonly string[]>;
  /** Films in that order; changes also when one of them gets another version, or loses one. */
  readonly films: ReadonlySignal<readonly string[]>;
  /** The streams of a film, those that were started first at the front; none of one that is gone. */
  versions(film: string): readonly StreamEntry[];
  entry(id: string): StreamEntry | undefined;
  /** These come first in the queue, in this order: somebody has put them there. */
  putInOrder(byHand: readonly string[]): void;
}

/** Those that wait or are made are one queue. */
const GROUP: Record<StreamState, number> = {
  running: 0,
  starting: 0,
  queued: 0,
  paused: 1,
  failed: 2,
  idle: 3,
  cancelled: 4,
  complete: 5,
};
const RANK: Record<Priority, number> = { viewer: 0, next: 1, background: 2 };

interface Kept extends StreamEntry {
  readonly status: Signal<StreamStatus>;
  readonly recorder: Recorder;
}

interface StoreOptions {
  /** Each status as it comes, also while the page is hidden and nothing is drawn. */
  readonly onStatus?: (status: StreamStatus) => void;
  /** Whether they are followed while the page is hidden, too. */
  readonly whileHidden?: () => boolean;
}

/** Follows all streams until `abort`. Events are taken in once a picture: many streams stay smooth. */
export function createStreamStore(
  abort: AbortSignal,
  { onStatus, whileHidden }: StoreOptions = {},
): StreamStore {
  const entries = new Map<string, Kept>();
  const line = signal<Line>({ kind: "loading" });
  const ids = signal<readonly string[]>([]);
  const films = signal<readonly string[]>([]);
  /** Streams by film. */
  let groups: ReadonlyMap<string, readonly string[]> = new Map();
  let byHand: readonly string[] = [];
  const waiting = new Map<string, StreamStatus | undefined>();
  let isPlanned = false;
  /** All streams that there are have been told of. */
  let isListed = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      batch(takeIn);
    });
  }

  function takeIn(): void {
    for (const [id, status] of waiting) {
      if (status === undefined) entries.delete(id);
      else keep(status);
    }
    waiting.clear();
    sort();
    if (isListed && line.peek().kind !== "live") line.value = { kind: "live" };
  }

  function sort(): void {
    const all = [...entries.values()].map(({ status }) => status.peek());
    all.sort(compareBy(byHand));
    const next = all.map(({ id }) => id);
    if (next.join() === ids.peek().join()) return;
    ids.value = next;
    groups = groupByFilm(all);
    films.value = [...groups.keys()];
  }

  function putInOrder(next: readonly string[]): void {
    byHand = next;
    batch(sort);
  }

  function keep(status: StreamStatus): void {
    const known = entries.get(status.id);
    const recorder = known?.recorder ?? createRecorder();
    if (status.state === "running")
      recorder.record(Date.now() / 1000, status.fps, status.lead_seconds);
    if (known !== undefined) known.status.value = status;
    else
      entries.set(status.id, {
        status: signal(status),
        recorder,
        history: () => recorder.history,
      });
  }

  /** Deleted while nobody listened. Comes after all statuses: before it, little may be known yet. */
  function forgetOthers(ids: readonly string[]): void {
    for (const id of entries.keys()) if (!ids.includes(id)) waiting.set(id, undefined);
    isListed = true;
  }

  followEvents(
    "events",
    {
      onEvent(name, payload) {
        if (name === "status") {
          const status = ofAnyVersion(payload as StreamStatus);
          waiting.set(status.id, status);
          onStatus?.(status);
        } else if (name === "removed") waiting.set((payload as { id: string }).id, undefined);
        else if (name === "queue") byHand = (payload as { ids: readonly string[] }).ids;
        else if (name === "current") forgetOthers((payload as { ids: readonly string[] }).ids);
        else return;
        plan();
      },
      onLost: (error) => {
        isListed = false;
        line.value = error === undefined ? { kind: "lost" } : { kind: "refused", error };
      },
    },
    { signal: abort, ...(whileHidden !== undefined && { whileHidden }) },
  );
  return {
    ...{ line, ids, films, putInOrder },
    entry: (id) => entries.get(id),
    versions: (film) => (groups.get(film) ?? []).flatMap((id) => entries.get(id) ?? []),
  };
}

/** What somebody watches, or is about to, is made first. */
const isWatched = ({ watched, viewers }: StreamStatus): boolean => watched ?? viewers > 0;

/** In the order in which they are made, then by title. */
function compareBy(byHand: readonly string[]) {
  const turns = new Map(byHand.map((id, turn) => [id, turn]));
  const queue = (a: StreamStatus, b: StreamStatus): number => {
    const turn = ({ id }: StreamStatus): number => turns.get(id) ?? byHand.length;
    return (
      Number(isWatched(b)) - Number(isWatched(a)) ||
      turn(a) - turn(b) ||
      RANK[a.priority] - RANK[b.priority] ||
      (a.wanted_at ?? 0) - (b.wanted_at ?? 0)
    );
  };
  return (a: StreamStatus, b: StreamStatus): number =>
    GROUP[a.state] - GROUP[b.state] ||
    (GROUP[a.state] === 0 ? queue(a, b) : a.title.localeCompare(b.title)) ||
    (a.id < b.id ? -1 : 1);
}
