import type { Log } from "@upreel/core";
import type { FilmQueue } from "@upreel/engine";
import type { Streams } from "@upreel/streams";

/** Streams are made in the order of the queue from now on, and leave it when they are finished. */
export function followQueue(
  streams: Pick<Streams, "setOrder" | "subscribe">,
  queue: Pick<FilmQueue, "ids" | "forget" | "subscribe">,
  log: Pick<Log, "warn">,
): Disposable {
  if (queue.ids.length > 0) streams.setOrder(queue.ids);
  const unfollow = queue.subscribe((ids) => streams.setOrder(ids));
  const unsubscribe = streams.subscribe((event) => {
    if (event.type === "left") return;
    const { id, state } =
      event.type === "status" ? event.status : { id: event.id, state: "cancelled" as const };
    // Wanted again some day, it comes behind those that wait by then.
    if (state !== "complete" && state !== "cancelled") return;
    queue.forget(id).catch((error: unknown) => {
      log.warn("The order of the queue cannot be saved", { error });
    });
  });
  return {
    [Symbol.dispose]() {
      unsubscribe();
      unfollow();
    },
  };
}
