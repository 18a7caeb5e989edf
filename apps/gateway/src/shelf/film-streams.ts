import type { StreamRecords, StreamState, StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { viewsInTurns } from "../waiting/in-turns.ts";

/** Of several streams of a film (other settings) the one that is nearest to being watched. */
const ORDER: Record<StreamState, number> = {
  complete: 0,
  running: 1,
  starting: 2,
  queued: 3,
  paused: 4,
  idle: 5,
  failed: 6,
  cancelled: 7,
};

/** Which stream plays a film, by where its file really is. */
export function createFilmStreams(
  streams: Pick<Streams, "ids" | "get">,
  records: Pick<StreamRecords, "read">,
): { now(): Promise<ReadonlyMap<string, StreamView>> } {
  /** A stream is of one file for all its life. */
  const paths = new Map<string, string>();
  return {
    async now() {
      const ids = new Set(streams.ids());
      for (const id of paths.keys()) if (!ids.has(id)) paths.delete(id);
      const byPath = new Map<string, StreamView>();
      for await (const status of viewsInTurns(streams)) {
        const path =
          paths.get(status.id) ?? (await records.read(status.id).catch(() => undefined))?.file.path;
        if (path === undefined) continue;
        paths.set(status.id, path);
        const other = byPath.get(path);
        if (other === undefined || ORDER[status.state] < ORDER[other.state])
          byPath.set(path, status);
      }
      return byPath;
    },
  };
}
