import type { Leases, Log } from "@upreel/core";
import { keepQueue, type FilmQueue } from "@upreel/engine";
import type { Streams } from "@upreel/streams";

/** The order that people have given to films that wait, which the streams follow from now on. */
export async function openQueue(
  streams: Pick<Streams, "setOrder" | "subscribe">,
  {
    dataDir,
    leases,
    log,
  }: { readonly dataDir: string; readonly leases?: Leases | undefined; readonly log: Log },
): Promise<FilmQueue> {
  const queue = await keepQueue(dataDir, { leases, log });
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
    get ids() {
      return queue.ids;
    },
    ...{ inOrder: queue.inOrder, move: queue.move, forget: queue.forget },
    subscribe: queue.subscribe,
    [Symbol.dispose]() {
      unsubscribe();
      unfollow();
      queue[Symbol.dispose]();
    },
  };
}
