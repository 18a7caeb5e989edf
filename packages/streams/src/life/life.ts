import { createEffects, type CarryOutParts } from "./carry-out.ts";
import type { Notice } from "./effects.ts";
import type { StateEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import type { State } from "./state.ts";
import type { Seen } from "./step.ts";

export interface LifeParts extends Omit<CarryOutParts, "now" | "send" | "onNotice"> {
  readonly seen: () => Seen;
  /** Once all that follows from an event is done. */
  readonly onNotices: (notices: ReadonlySet<Notice["kind"]>) => void;
}

/**
 * One stream: takes events in the order in which they come, one at a time, does what follows from each,
 * and takes what comes of that as further events.
 */
export function createLife(initial: State, parts: LifeParts) {
  let state = initial;
  const events: StateEvent[] = [];
  let isBusy = false;
  let notices = new Set<Notice["kind"]>();
  const effects = createEffects({
    ...parts,
    ...{ now: () => state, send },
    onNotice: (kind) => void notices.add(kind),
  });

  function send(event: StateEvent): void {
    events.push(event);
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = events.shift(); next !== undefined; next = events.shift()) {
        const step = reduce(state, next, parts.seen());
        ({ state } = step);
        for (const effect of step.effects) effects.carryOut(effect);
      }
    } finally {
      isBusy = false;
    }
    // Whoever is told may send more.
    const told = notices;
    notices = new Set();
    if (told.size > 0) parts.onNotices(told);
  }

  return {
    get now(): State {
      return state;
    },
    send,
    settled: () => effects.settled(),
  };
}

export type Life = ReturnType<typeof createLife>;
