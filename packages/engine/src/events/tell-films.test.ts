import type { EventTold, StreamView } from "@upreel/core";
import type { StreamEvent } from "@upreel/streams";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { STALL_MS, tellFilms } from "./tell-films.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const view = (change: Partial<StreamView>): StreamView =>
  ({
    ...{ id: "s", title: "Film", state: "queued", priority: "viewer", segmentsReady: 0 },
    ...{ viewersWaiting: 0, ...change },
  }) as StreamView;

/** Streams whose changes a test makes up. */
function films(...there: StreamView[]) {
  const views = new Map(there.map((each) => [each.id, each]));
  const heard: EventTold[] = [];
  let listener: (event: StreamEvent) => void = () => undefined;
  const watch = tellFilms(
    {
      list: () => [...views.values()],
      get: (id) => views.get(id),
      subscribe: (added) => {
        listener = added;
        return () => (listener = () => undefined);
      },
    },
    { tell: (event) => void heard.push(event) },
  );
  return {
    heard,
    names: () => heard.map(({ name }) => name),
    watch,
    become: (...changes: Partial<StreamView>[]): void => {
      for (const change of changes) {
        const status = view({ ...views.get("s"), ...change });
        views.set("s", status);
        listener({ type: "status", status });
      }
    },
    remove: (): void => {
      views.delete("s");
      listener({ type: "removed", id: "s" });
    },
  };
}
const running = { state: "running", model: "net" } as const;

it("tells each step of a film once, however often its status is told", () => {
  const { become, heard, names } = films();
  become({}, {}, { state: "starting" }, running, running);
  become({ segmentsReady: 1 }, { segmentsReady: 2 }, { model: "better" });
  become({ state: "complete", file: "/f.ts" }, { state: "complete" });
  expect(names()).toEqual([
    ...["film.queued", "film.started", "film.firstSegment", "film.switched", "film.finished"],
  ]);
  expect(heard[3]).toMatchObject({ stream: "s", title: "Film", from: "net", to: "better" });
});

it("does not tell again that a film starts which gave way, was paused, or goes on after a restart", () => {
  const { become, names } = films(view({ state: "queued", segmentsReady: 3 }));
  become(running, { state: "queued" }, running, { state: "paused" }, { state: "queued" }, running);
  expect(names()).toEqual([]);
});

it("tells it of one that failed and is begun again", () => {
  const { become, heard, names } = films();
  become(running, { state: "failed", reason: { code: "disk_full", message: "full" } });
  become({ state: "queued" }, running);
  expect(names()).toEqual([
    ...["film.queued", "film.started", "film.failed", "film.queued", "film.started"],
  ]);
  expect(heard[2]).toMatchObject({ reason: { code: "disk_full" } });
});

it("is silent about what was finished before, and about what is removed", () => {
  const { become, remove, names } = films(view({ state: "complete", segmentsReady: 9 }));
  become({ pinned: true });
  remove();
  expect(names()).toEqual([]);
});

it("tells of a viewer who waits for long, once, and again only after he went on", () => {
  const { become, names } = films(view({ ...running, segmentsReady: 1 }));
  become({ viewersWaiting: 1 });
  vi.advanceTimersByTime(STALL_MS - 1);
  become({ viewersWaiting: 0 });
  vi.advanceTimersByTime(STALL_MS);
  expect(names()).toEqual([]);
  become({ viewersWaiting: 1 });
  vi.advanceTimersByTime(3 * STALL_MS);
  become({ viewersWaiting: 1 });
  vi.advanceTimersByTime(3 * STALL_MS);
  expect(names()).toEqual(["film.stalled"]);
  become({ viewersWaiting: 0 }, { viewersWaiting: 1 });
  vi.advanceTimersByTime(STALL_MS);
  expect(names()).toEqual(["film.stalled", "film.stalled"]);
});

it("does not call it a stall where the first segment is waited for, or the stream is gone", () => {
  const { become, remove, names, watch } = films(view(running));
  become({ viewersWaiting: 1 });
  vi.advanceTimersByTime(3 * STALL_MS);
  become({ segmentsReady: 1 });
  remove();
  vi.advanceTimersByTime(3 * STALL_MS);
  expect(names()).not.toContain("film.stalled");
  become({ segmentsReady: 1, viewersWaiting: 1 });
  watch[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
});
