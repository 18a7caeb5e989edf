import type { Streams } from "@upreel/streams";
import { ownedElsewhere } from "./owned-elsewhere.ts";
import type { Peers } from "../deps.ts";

/**
 * Streams for what works with them in this process (Jellyfin, its proxy), and can pass nothing on: a stream of another
 * gateway's is handed over first, unless somebody watches it there.
 */
export function withHandOver(streams: Streams, peers: Pick<Peers, "askFor"> | undefined): Streams {
  if (peers === undefined) return streams;
  async function asked<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      if (!(await peers?.askFor(ownedElsewhere(thrown)))) throw thrown;
      return act();
    }
  }
  return {
    ...streams,
    trigger: (request) => asked(() => streams.trigger(request)),
    prepare: (request, fromSeconds) => asked(() => streams.prepare(request, fromSeconds)),
  };
}
