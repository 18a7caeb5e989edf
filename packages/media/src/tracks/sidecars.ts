import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { decodeFileName, showFileName, toUpreelError } from "@upreel/core";
import { diskName } from "../ffmpeg/disk-name.ts";
import { ffprobeFileSchema } from "../ffmpeg/ffprobe-json.ts";
import { ffprobe } from "../ffmpeg/ffprobe.ts";
import { SIDECAR_ONLY } from "../ffmpeg/media-input.ts";
import { canvasOf } from "./tracks.ts";
import { readSidecarName, type SidecarName } from "./sidecar-names.ts";

/** A file beside a film with sounds or subtitles of it. */
export interface Sidecar {
  readonly path: string;
  readonly tracks: readonly SidecarTrack[];
}

export interface SidecarTrack extends SidecarName {
  readonly index: number;
  readonly kind: "audio" | "subtitle";
  readonly codec: string;
  /** The size of the picture that subtitles are drawn for, if they are pictures and the file says it. */
  readonly canvas?: { readonly width: number; readonly height: number } | undefined;
}

/** No film has more files beside it; a folder with more is a folder of something else. */
const MAX_SIDECARS = 64;

/** The name of a file beside a film, and what that name says. */
export interface NamedSidecar {
  readonly name: string;
  readonly says: SidecarName;
}

/** Which of the files `names` in a film's folder belong to it, by name. */
export const sidecarsAmong = (film: string, names: readonly string[]): readonly NamedSidecar[] =>
  names
    .flatMap((name) => {
      const says = readSidecarName(basename(film), name);
      return says === undefined ? [] : [{ name, says }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MAX_SIDECARS);

/** The sounds and subtitles in a file beside `film`. Throws what ffprobe says of one that cannot be read. */
export async function readSidecar(
  film: string,
  { name, says }: NamedSidecar,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<Sidecar> {
  const path = join(dirname(film), name);
  const tracks = await readTracks(path, tools, signal);
  return { path, tracks: tracks.map((track) => withName(track, says)) };
}

/** Finds the files beside a film; of those that cannot be read it says why, in words. */
export async function readSidecars(
  film: string,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<{ readonly sidecars: readonly Sidecar[]; readonly unreadable: readonly string[] }> {
  const options = { withFileTypes: true, encoding: "buffer" } as const;
  const entries = await readdir(diskName(dirname(film)), options).catch(() => []);
  const names = entries
    // A link may lead anywhere; films themselves are looked at where they really are.
    .filter((entry) => entry.isFile())
    .map((entry) => decodeFileName(entry.name));
  const sidecars: Sidecar[] = [];
  const unreadable: string[] = [];
  for (const named of sidecarsAmong(film, names)) {
    try {
      const sidecar = await readSidecar(film, named, tools, signal);
      if (sidecar.tracks.length > 0) sidecars.push(sidecar);
    } catch (thrown) {
      signal.throwIfAborted();
      const { got, message } = toUpreelError(thrown);
      unreadable.push(`${showFileName(named.name)}: ${got ?? message}`);
    }
  }
  return { sidecars, unreadable };
}

type ReadTrack = Pick<SidecarTrack, "index" | "kind" | "codec" | "language" | "title" | "canvas">;

async function readTracks(
  path: string,
  tools: { readonly ffprobe: string },
  signal: AbortSignal,
): Promise<readonly ReadTrack[]> {
  const { streams } = await ffprobe(
    ffprobeFileSchema,
    path,
    ["-show_format", "-show_streams"],
    tools,
    signal,
    undefined,
    SIDECAR_ONLY,
  );
  return streams.flatMap(({ index, codec_type: kind, codec_name: codec, tags, ...size }) =>
    (kind === "audio" || kind === "subtitle") && codec !== undefined
      ? [
          {
            ...{ index, kind, codec, language: tags?.["language"], title: tags?.["title"] },
            ...canvasOf(size),
          },
        ]
      : [],
  );
}

/** A track with what its file's name says; what the track says of itself goes before that. */
const withName = (track: ReadTrack, says: SidecarName): SidecarTrack => ({
  ...says,
  ...track,
  language: track.language ?? says.language,
  title: track.title ?? says.title,
});
