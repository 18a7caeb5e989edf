import { setImmediate as nextTurn } from "node:timers/promises";
import type { StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";

/** Bodies of streams that take a few milliseconds together. */
const AT_A_TIME = 50;

/** The items in order; between every few of them other requests have their turn. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  let taken = 0;
  for (const item of items) {
    yield item;
    taken += 1;
    if (taken % AT_A_TIME === 0) await nextTurn();
  }
}

/** What all streams tell of themselves; there may be thousands, and some may be deleted meanwhile. */
export async function* viewsInTurns(
  streams: Pick<Streams, "ids" | "get">,
): AsyncGenerator<StreamView, void> {
  for await (const id of inTurns(streams.ids())) {
    const view = streams.get(id);
    if (view !== undefined) yield view;
  }
}
