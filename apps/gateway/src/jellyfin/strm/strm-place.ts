import { join } from "node:path";
import { mapPath, type StreamRecords, type StreamView } from "@upreel/core";
import type { JellyfinLibrary } from "@upreel/jellyfin";
import type { Config } from "../../config.ts";
import { isInside } from "@upreel/sources";
import { writeStrmBeside, type StreamOfFilm } from "./strm-beside.ts";
import { writeStrmFolder } from "./strm-folder.ts";

export type OfferedStream = Pick<StreamView, "id" | "title" | "state">;

interface WrittenStrm {
  /** Why some have none now, in words. */
  readonly problems: readonly string[];
  /** Streams that will have none: Jellyfin finds nothing of them. */
  readonly without: ReadonlySet<string>;
  /** Why, and what to do. */
  readonly whyWithout?: string | undefined;
}

/** Where `.strm` files are. */
export interface StrmPlace {
  /** Makes exactly these streams have one; `renews`: also where one names another address of its stream. */
  write(streams: readonly OfferedStream[], renews: boolean): Promise<WrittenStrm>;
  /** The libraries of Jellyfin's in which files of these streams are found. */
  librariesOf(
    libraries: readonly JellyfinLibrary[],
    streamIds: readonly string[],
  ): readonly JellyfinLibrary[];
  /** What to do when there is no such library. */
  readonly whereMissing: string;
}

/** `strmDir`: a folder of its own, or `source` for beside each film. */
export function createStrmPlace(
  config: Pick<Config, "dataDir"> & { readonly jellyfin: Pick<Config["jellyfin"], "pathMap"> },
  records: Pick<StreamRecords, "read">,
  strmDir: string,
  publicUrl: string,
): StrmPlace {
  const urlOf = (id: string): string => `${publicUrl}/hls/${id}/stream.m3u8?absolute`;
  const here = (location: string): string => mapPath(config.jellyfin.pathMap, location).path;
  return strmDir === "source"
    ? besideFilms(config.dataDir, records, urlOf, here)
    : inFolder(strmDir, urlOf, here);
}

function inFolder(
  folder: string,
  urlOf: (id: string) => string,
  here: (location: string) => string,
): StrmPlace {
  return {
    async write(streams, renews) {
      await writeStrmFolder(folder, streams, urlOf, renews);
      return { problems: [], without: new Set() };
    },
    librariesOf: (libraries) =>
      libraries.filter(({ Locations }) => Locations.some((each) => here(each) === folder)),
    whereMissing: `no library of Jellyfin has the folder ${folder}: make one of the type Movies named Upscaled`,
  };
}

function besideFilms(
  dataDir: string,
  records: Pick<StreamRecords, "read">,
  urlOf: (id: string) => string,
  here: (location: string) => string,
): StrmPlace {
  const sources = new Map<string, string>();
  async function sourceOf(id: string): Promise<string | undefined> {
    const path = sources.get(id) ?? (await records.read(id))?.file.path;
    if (path !== undefined) sources.set(id, path);
    return path;
  }
  return {
    async write(streams, renews) {
      // Of several streams of a film the one that is complete is offered.
      const offered = streams.toSorted(
        (a, b) => Number(a.state === "complete") - Number(b.state === "complete"),
      );
      const bySource = new Map<string, StreamOfFilm>();
      for (const { id } of offered) {
        const source = await sourceOf(id);
        if (source !== undefined) bySource.set(source, { id, source });
      }
      const list = join(dataDir, "strm.json");
      const files = [...bySource.values()];
      const { problems, denied } = await writeStrmBeside(list, files, urlOf, renews);
      return {
        problems: problems.map((each) => `${each} (a folder of its own in STRM_DIR works there)`),
        without: new Set(denied.ids),
        whyWithout:
          denied.why &&
          `beside some films nothing can be written (${denied.why}): set STRM_DIR to a folder of its own and make that a library of Jellyfin's of the type Movies, or let Upreel write there`,
      };
    },
    librariesOf: (libraries, ids) => {
      const films = ids.flatMap((id) => sources.get(id) ?? []);
      return libraries.filter(({ Locations }) =>
        Locations.some((each) => films.some((film) => isInside(here(each), film))),
      );
    },
    whereMissing: "no library of Jellyfin has the folders of the films",
  };
}
