import type { EventSink } from "@upreel/core";

/** A line that breaks is joined again within seconds, which is no news. */
export const BACK_WITHIN_MS = 30_000;

/** Tells of workers that come and go; takes each one's presence as it changes. */
export function tellWorkers(events: EventSink): (name: string, isHere: boolean) => void {
  const here = new Set<string>();
  const away = new Map<string, NodeJS.Timeout>();
  return (worker, isHere) => {
    clearTimeout(away.get(worker));
    away.delete(worker);
    if (!isHere) {
      const lose = (): void => {
        away.delete(worker);
        here.delete(worker);
        events.tell({ name: "worker.lost", worker });
      };
      away.set(worker, setTimeout(lose, BACK_WITHIN_MS).unref());
    } else if (!here.has(worker)) {
      here.add(worker);
      events.tell({ name: "worker.joined", worker });
    }
  };
}
