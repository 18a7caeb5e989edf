import type { Finding } from "@upreel/core";
import { access, constants } from "node:fs/promises";
import { createJellyfinClient, type JellyfinClient, type JellyfinLibrary } from "@upreel/jellyfin";
import type { Config } from "../config.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import type { MediaFiles } from "@upreel/sources";
import { bad, good, note, sentence, warning } from "./findings.ts";

/** Whether Jellyfin answers, takes the key, and its files are found here under their own names. */
export async function checkJellyfin(
  config: Config,
  roots: readonly string[],
  files: MediaFiles,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { url, apiKey, strmDir } = config.jellyfin;
  if (url === undefined) return [note("jellyfin", "jellyfin_off")];
  const client = createJellyfinClient({ url, apiKey, attempts: 1 });
  const server = await checkServer(client, url, signal);
  if (server.verdict !== "good") return [server];
  if (apiKey === undefined) return [server, warning("jellyfin", "jellyfin_no_key")];
  try {
    const sessions = await client.sessions(signal);
    const playing = sessions.filter(({ NowPlayingItem }) => NowPlayingItem).length;
    const libraries = await client.libraries(signal);
    const items = libraries.map((library) =>
      checkLibrary(config, roots, files, client, library, signal),
    );
    return [
      server,
      good("jellyfin", "jellyfin_key", { playing, sessions: sessions.length }),
      ...(config.scans ? [await checkSegments(client, signal)] : []),
      ...(await Promise.all(items)).filter((finding) => finding !== undefined),
      ...(strmDir === undefined ? [] : [await checkStrmDir(config, strmDir, libraries)]),
    ];
  } catch (thrown) {
    return [server, bad("jellyfin", "jellyfin_key_refused", { reason: sentence(thrown) })];
  }
}

async function checkServer(
  client: JellyfinClient,
  url: string,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    const { Version, ServerName } = await client.server(signal);
    const [major = 0, minor = 0] = Version.split(".").map(Number);
    const isKnown = major > 10 || (major === 10 && minor >= 10);
    const values = { name: ServerName ?? "Jellyfin", url, version: Version };
    return isKnown
      ? good("jellyfin", "jellyfin_version", values)
      : warning("jellyfin", "jellyfin_old", values);
  } catch (thrown) {
    return bad("jellyfin", "jellyfin_away", { reason: sentence(thrown) });
  }
}

/** Takes a real item of the library and looks for its file; `undefined` for an empty library. */
async function checkLibrary(
  config: Config,
  roots: readonly string[],
  files: MediaFiles,
  client: JellyfinClient,
  { Name, ItemId }: JellyfinLibrary,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const query = { libraryId: ItemId, order: "newest" as const, startIndex: 0, limit: 1 };
  const [item] = (await client.items(query, signal)).items;
  if (typeof item?.Path !== "string" || item.Path.endsWith(".strm")) return undefined;
  const what = `library ${Name}`;
  try {
    const here = pathHere(config, item.Path);
    const { path } = await files.locate(here, roots);
    return path === item.Path
      ? good(what, "library_same", { path })
      : good(what, "library_mapped", { path: item.Path, here: path });
  } catch (thrown) {
    return bad(what, "library_unreadable", { path: item.Path, reason: sentence(thrown) });
  }
}

/** Whether intros and credits can be stored in Jellyfin itself; a plugin that fails says nothing of the key. */
async function checkSegments(client: JellyfinClient, signal: AbortSignal): Promise<Finding> {
  try {
    const version = await client.segmentsPlugin(signal);
    return version === undefined
      ? note("jellyfin", "jellyfin_no_segments")
      : good("jellyfin", "jellyfin_segments", { version });
  } catch (thrown) {
    return warning("jellyfin", "jellyfin_segments_fail", { reason: sentence(thrown) });
  }
}

async function checkStrmDir(
  config: Config,
  folder: string,
  libraries: readonly JellyfinLibrary[],
): Promise<Finding> {
  if (config.publicUrl === undefined) return bad("STRM_DIR", "strm_address");
  if (folder === "source") return good("STRM_DIR", "strm_source");
  const library = libraries.find(({ Locations }) =>
    Locations.some((location) => pathHere(config, location) === folder),
  );
  if (library === undefined) return warning("STRM_DIR", "strm_no_library", { folder });
  return access(folder, constants.W_OK).then(
    () => good("STRM_DIR", "strm_library", { folder, library: library.Name }),
    (thrown: unknown) => bad("STRM_DIR", "strm_read_only", { reason: sentence(thrown), folder }),
  );
}
