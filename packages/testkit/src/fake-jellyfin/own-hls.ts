import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runFfmpeg } from "../run-ffmpeg.ts";
import { makeTempFolder } from "../temp-folder.ts";
import type { FakeItem } from "./catalogue.ts";
import { mediaStreams } from "./item-dto.ts";
import type { FakeVersion } from "./version.ts";

/** Jellyfin's own HLS of its files: all of a film's segments, with one sound. */
export interface OwnHls extends AsyncDisposable {
  /** The playlist, whose segments are named after `query`, too. */
  playlist(item: FakeItem, version: FakeVersion, query: URLSearchParams): Promise<string>;
  segment(item: FakeItem, query: URLSearchParams, name: string): Promise<string | undefined>;
}

export function createOwnHls(): OwnHls {
  const files = new Map<string, Promise<string>>();
  const folders = new Map<string, Promise<string>>();
  const stack = new AsyncDisposableStack();
  const soundOf = (query: URLSearchParams): string => query.get("audioStreamIndex") ?? "";

  async function make(file: string, sound: string): Promise<string> {
    const folder = stack.use(await makeTempFolder()).path;
    await runFfmpeg([
      ...["-i", file, "-map", "0:v:0", "-map", sound, "-c:v", "copy", "-c:a", "aac"],
      // Enough for a tone: coding it is most of what this takes.
      ...["-b:a", "32k"],
      ...["-f", "hls", "-hls_time", "30", "-hls_playlist_type", "vod"],
      ...["-hls_segment_filename", join(folder, "%d.ts"), join(folder, "main.m3u8")],
    ]);
    return folder;
  }
  /** As `EncodingHelper.FindIndex`: the place among the streams of the same file. */
  function mapOf(item: FakeItem, version: FakeVersion, sound: string): string {
    const own = mediaStreams(item, version).filter((stream) => stream["IsExternal"] === false);
    const place = own.findIndex((stream) => String(stream["Index"]) === sound);
    return place < 0 ? "0:a:0?" : `0:${place}?`;
  }
  const folderOf = (item: FakeItem, version: FakeVersion, query: URLSearchParams) => {
    const sound = mapOf(item, version, soundOf(query));
    // Items that show the same file share what is made of it.
    const made = `${item.file} ${sound}`;
    const folder = files.get(made) ?? make(item.file ?? "", sound);
    files.set(made, folder);
    folders.set(`${item.id} ${soundOf(query)}`, folder);
    return folder;
  };
  return {
    async playlist(item, version, query) {
      const text = await readFile(join(await folderOf(item, version, query), "main.m3u8"), "utf8");
      return text.replaceAll(/^(\d+\.ts)$/gm, `hls1/main/$1?${query.toString()}`);
    },
    async segment(item, query, name) {
      const folder = await folders.get(`${item.id} ${soundOf(query)}`);
      return folder === undefined ? undefined : join(folder, name);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
