import type { StreamState } from "@upreel/core";
import type { Streams } from "@upreel/streams";

/** States that end a wait elsewhere; here the stream is started again and waited for. */
const RESTING: ReadonlySet<StreamState> = new Set(["failed", "cancelled", "idle"]);

/**
 * The streams as somebody sees them who is in the middle of a film: one that came to rest is started
 * again by `reopen` and counts as queued. Players take an error for the end of the film.
 */
export const patientStreams = (streams: Streams, reopen: (id: string) => void): Streams => ({
  ...streams,
  status(id) {
    const status = streams.status(id);
    if (!RESTING.has(status.state)) return status;
    reopen(id);
    return { ...status, state: "queued" };
  },
  subscribe: (listener) =>
    streams.subscribe((event) => {
      if (event.type === "status" && RESTING.has(event.status.state)) reopen(event.status.id);
      else listener(event);
    }),
});
