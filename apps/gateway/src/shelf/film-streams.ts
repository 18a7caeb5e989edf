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

/** What the shelf tells of a stream. */
export type ShelfStream = Pick<
  StreamView,
  "id" | "state" | "ratio" | "etaSeconds" | "reason" | "durationSeconds" | "isGrowing"
>;

/** Which streams and films belong together, by where a film's file really is. */
export interface FilmStreams {
  /** The stream that plays each film. */
  now(): Promise<ReadonlyMap<string, ShelfStream>>;
  /** The film of a stream, also of one that is not the film's first choice; undefined: there is no such stream. */
  pathOf(id: string): Promise<string | undefined>;
}

/** `others`: streams of other gateways. */
export function createFilmStreams(
  streams: Pick<Streams, "ids" | "get">,
  records: Pick<StreamRecords, "read">,
  others: () => Promise<readonly ShelfStream[]> = async () => [],
): FilmStreams {
  /** A stream is of one file for all its life. */
  const paths = new Map<string, string>();
  const pathOf: FilmStreams["pathOf"] = async (id) =>
    paths.get(id) ?? (await records.read(id).catch(() => undefined))?.file.path;
  return {
    pathOf,
    async now() {
      const theirs = await others();
      const ids = new Set([...streams.ids(), ...theirs.map(({ id }) => id)]);
      for (const id of paths.keys()) if (!ids.has(id)) paths.delete(id);
      const byPath = new Map<string, ShelfStream>();
      const take = async (status: ShelfStream): Promise<void> => {
        const path = await pathOf(status.id);
        if (path === undefined) return;
        paths.set(status.id, path);
        const other = byPath.get(path);
        if (other === undefined || ORDER[status.state] < ORDER[other.state])
          byPath.set(path, status);
      };
      for await (const status of viewsInTurns(streams)) await take(status);
      for (const status of theirs) await take(status);
      return byPath;
    },
  };
}
