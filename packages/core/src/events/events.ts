import { z } from "zod";
import type { Log } from "../ports/log.ts";
import { prioritySchema, reasonSchema } from "../stream/stream.ts";

/** Of events of a stream: its id, and the film's title. */
const ofStream = { stream: z.string(), title: z.string() };

/** All that is told of an event beside its id and time, by name. */
const EVENT_SHAPES = {
  /** A film lies in a film folder that was not there before. */
  "film.found": { title: z.string(), path: z.string() },
  "film.queued": { ...ofStream, priority: prioritySchema },
  "film.started": ofStream,
  /** It can be watched from its beginning, or from where somebody wanted it. */
  "film.firstSegment": ofStream,
  /** Another model goes on with it. */
  "film.switched": { ...ofStream, from: z.string(), to: z.string() },
  /** Somebody who watches it waits. */
  "film.stalled": { ...ofStream, seconds: z.number() },
  "film.finished": { ...ofStream, file: z.string() },
  "film.failed": { ...ofStream, reason: reasonSchema },
  /** What was made of it was deleted to make room. */
  "film.evicted": { ...ofStream, freed_bytes: z.number() },
  /** Plugins have looked at a film, or at the season that it is of. */
  "scan.done": {
    path: z.string(),
    state: z.enum(["done", "failed"]),
    films: z.int(),
    chapters: z.int(),
  },
  "worker.joined": { worker: z.string() },
  "worker.lost": { worker: z.string() },
  "disk.low": { free_bytes: z.number() },
} as const;

export type EventName = keyof typeof EVENT_SHAPES;
export const EVENT_NAMES = Object.keys(EVENT_SHAPES) as readonly EventName[];

const named = <N extends EventName>(name: N) =>
  z.object({ id: z.string(), at_ms: z.number(), name: z.literal(name), ...EVENT_SHAPES[name] });

/** What happened, for plugins and webhooks. */
export const upreelEventSchema = z.discriminatedUnion("name", [
  named("film.found"),
  named("film.queued"),
  named("film.started"),
  named("film.firstSegment"),
  named("film.switched"),
  named("film.stalled"),
  named("film.finished"),
  named("film.failed"),
  named("film.evicted"),
  named("scan.done"),
  named("worker.joined"),
  named("worker.lost"),
  named("disk.low"),
]);
export type UpreelEvent = z.infer<typeof upreelEventSchema>;

type Told<E> = E extends UpreelEvent ? Omit<E, "id" | "at_ms"> : never;
/** An event as whoever sees it tells it. */
export type EventTold = Told<UpreelEvent>;

export interface EventSink {
  tell(event: EventTold): void;
}

/** Everything worth telling passes through here; who tells does not know who listens. */
export interface EventBus extends EventSink {
  /** Gives the function that ends it. */
  subscribe(listener: (event: UpreelEvent) => void): () => void;
}

export function createEventBus(log: Pick<Log, "error">, nowMs: () => number): EventBus {
  const listeners = new Set<(event: UpreelEvent) => void>();
  return {
    tell(told) {
      const event: UpreelEvent = { id: crypto.randomUUID(), at_ms: nowMs(), ...told };
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          // A listener's trouble is not that of whoever tells.
          log.error(`A listener to ${event.name} failed`, { error });
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whether a subscription means an event: `*` is one word, `film.*` all events of films. */
export function meansEvent(pattern: string, name: string): boolean {
  const [wanted, words] = [pattern.split("."), name.split(".")];
  if (wanted.length !== words.length) return false;
  return wanted.every((word, at) => word === "*" || word === words[at]);
}
