import { bestVersion, type StreamRecords, type StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { viewsInTurns } from "../waiting/in-turns.ts";

/** What the shelf tells of a stream. */
export type ShelfStream = Pick<
  StreamView,
  | "id"
  | "film"
  | "state"
  | "ratio"
  | "etaSeconds"
  | "reason"
  | "durationSeconds"
  | "isGrowing"
  | "plain"
  | "height"
  | "quality"
  | "wanted"
>;

/** The versions of a film: streams of one file, made by several settings. */
export type FilmVersions = readonly ShelfStream[];

/** The one of them that plays the film. */
export const playedVersion = (versions: FilmVersions): ShelfStream | undefined =>
  bestVersion(versions, ({ wanted, ...facts }) => ({ ...facts, wantedModel: wanted.model }));

/** Which streams and films belong together, by where a film's file really is. */
export interface FilmStreams {
  /** The streams of each film. */
  now(): Promise<ReadonlyMap<string, FilmVersions>>;
  /** The film of a stream; undefined: there is no such stream. */
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
      const byPath = new Map<string, ShelfStream[]>();
      const take = async (status: ShelfStream): Promise<void> => {
        const path = await pathOf(status.id);
        if (path === undefined) return;
        paths.set(status.id, path);
        const versions = byPath.get(path);
        if (versions === undefined) byPath.set(path, [status]);
        else versions.push(status);
      };
      for await (const status of viewsInTurns(streams)) await take(status);
      for (const status of theirs) await take(status);
      return byPath;
    },
  };
}
