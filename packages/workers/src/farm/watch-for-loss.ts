import type { Session } from "./session.ts";

/** Machines are looked at so often. */
const LOOK_MS = 500;

/** To be called when machines come or go: while there are any, each is looked at again and again. */
export function watchForLoss(
  sessions: ReadonlyMap<string, Pick<Session, "look">>,
  nowMs: () => number,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let lookedAtMs = 0;
  const look = (): void => {
    const elapsedMs = nowMs() - lookedAtMs;
    lookedAtMs = nowMs();
    // A gateway that stood still itself heard nobody meanwhile: that is no silence of theirs.
    for (const session of sessions.values()) session.look(Math.min(elapsedMs, 2 * LOOK_MS));
  };
  return () => {
    if (sessions.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else if (timer === undefined) {
      lookedAtMs = nowMs();
      timer = setInterval(look, LOOK_MS);
      timer.unref();
    }
  };
}
