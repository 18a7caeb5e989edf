import type { OnStop } from "./streams-api.ts";
import type { Stream } from "./stream-api.ts";

/**
 * What becomes of streams whose viewers say that they stop: at once, or when the last of those who
 * say nothing has been silent long enough to be gone.
 */
export function createStopRule(
  onStop: OnStop,
  stop: (id: string, how: "pause" | "cancel") => void,
) {
  const leaving = new Set<Stream>();

  function look(stream: Stream): void {
    if (stream.audience.count() > 0) return;
    leaving.delete(stream);
    // What was wanted for later is so whoever has had a look at it.
    if (!stream.isWorking || stream.record.priority === "background") return;
    stream.demote();
    if (onStop !== "finish") stop(stream.id, onStop);
  }

  return {
    left(stream: Stream, viewer: string): void {
      stream.audience.leave(viewer);
      leaving.add(stream);
      look(stream);
    },
    /** Somebody wants to see it again. */
    forget: (stream: Stream): void => void leaving.delete(stream),
    look: (): void => leaving.forEach(look),
  };
}
