import type { UpreelEvent } from "@upreel/core";

/** What the test button sends. */
interface TestEvent {
  readonly id: string;
  readonly at_ms: number;
  readonly name: "webhook.test";
  readonly receiver: string;
}
export type SentEvent = UpreelEvent | TestEvent;

/** An event in words for people. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  readonly urgency: "low" | "normal" | "high";
  /** Notices with the same subject are one notice that changes. */
  readonly subject: string | undefined;
  /** The film or the worker. */
  readonly about: string | undefined;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export function describeEvent(event: SentEvent): Notice {
  const { title, text, urgency } = wordsOf(event);
  return {
    ...{ title, text, urgency: urgency ?? "normal" },
    subject: "stream" in event ? event.stream : undefined,
    about: "title" in event ? event.title : "worker" in event ? event.worker : undefined,
  };
}

/** A film's title stands alone above what is said of it. */
function wordsOf(event: SentEvent): Pick<Notice, "title" | "text"> & Partial<Notice> {
  switch (event.name) {
    case "film.found":
      return { title: event.title, text: "New in the film folders.", urgency: "low" };
    case "film.queued":
      return { title: event.title, text: "Waits to be upscaled.", urgency: "low" };
    case "film.started":
      return { title: event.title, text: "Is being upscaled.", urgency: "low" };
    case "film.firstSegment":
      return { title: event.title, text: "Can be watched." };
    case "film.switched":
      return {
        title: event.title,
        text: `${event.to} takes over from ${event.from}.`,
        urgency: "low",
      };
    case "film.stalled":
      return { title: event.title, text: "A viewer waits: upscaling does not keep up." };
    case "film.finished":
      return { title: event.title, text: "Is upscaled." };
    case "film.failed":
      return { title: event.title, text: `Failed: ${event.reason.message}`, urgency: "high" };
    case "film.evicted":
      return {
        title: event.title,
        text: `Deleted to make room: ${gigabytes(event.freed_bytes)} freed.`,
      };
    case "scan.done":
      return {
        title: "Plugins",
        text:
          event.state === "failed"
            ? `A plugin failed with ${event.path}`
            : `Looked at ${event.films} films, found ${event.chapters} intros and credits.`,
        urgency: "low",
      };
    case "worker.joined":
      return { title: event.worker, text: "This worker has joined.", urgency: "low" };
    case "worker.lost":
      return { title: event.worker, text: "This worker is gone." };
    case "disk.low":
      return {
        title: "The disk is nearly full",
        text: `${gigabytes(event.free_bytes)} are free. Only films that somebody watches are upscaled.`,
        urgency: "high",
      };
    case "webhook.test":
      return { title: "Upreel", text: `This is a test of ${event.receiver}.` };
  }
}
