import type { EventSink, StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { filmEvents, knownFilm, type ToldFilm } from "./film-events.ts";

/** Who waits for less has jumped, or begins. */
export const STALL_MS = 10_000;

/** Tells what becomes of all films, from now on. */
export function tellFilms(
  streams: Pick<Streams, "list" | "get" | "subscribe">,
  events: EventSink,
): Disposable {
  const told = new Map<string, ToldFilm>(streams.list().map((view) => [view.id, knownFilm(view)]));
  const stalls = watchStalls(streams, events);
  const unsubscribe = streams.subscribe((event) => {
    if (event.type !== "status") {
      told.delete(event.id);
      stalls.forget(event.id);
      return;
    }
    const { status } = event;
    const next = filmEvents(told.get(status.id), status);
    told.set(status.id, next.told);
    for (const each of next.events) events.tell(each);
    stalls.look(status);
  });
  return {
    [Symbol.dispose]() {
      unsubscribe();
      stalls[Symbol.dispose]();
    },
  };
}

/** Each wait of ten seconds is told once. */
function watchStalls(streams: Pick<Streams, "get">, events: EventSink) {
  const waits = new Map<string, NodeJS.Timeout>();
  function forget(id: string): void {
    clearTimeout(waits.get(id));
    waits.delete(id);
  }
  function tell(id: string): void {
    const view = streams.get(id);
    if (view === undefined || !isStalled(view)) return forget(id);
    const { title } = view;
    events.tell({ name: "film.stalled", stream: id, title, seconds: STALL_MS / 1000 });
  }
  return {
    look(view: StreamView): void {
      if (!isStalled(view)) forget(view.id);
      else if (!waits.has(view.id))
        waits.set(view.id, setTimeout(() => tell(view.id), STALL_MS).unref());
    },
    forget,
    [Symbol.dispose]() {
      for (const timer of waits.values()) clearTimeout(timer);
    },
  };
}

/** Before the first segment somebody waits for the start, which is no stall. */
const isStalled = ({ viewersWaiting, segmentsReady }: StreamView): boolean =>
  viewersWaiting > 0 && segmentsReady > 0;
