import type { Finding } from "@upreel/core";
import { access, constants } from "node:fs/promises";
import { createJellyfinClient, type JellyfinClient, type JellyfinLibrary } from "@upreel/jellyfin";
import type { Config } from "../config.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import type { MediaFiles } from "@upreel/sources";
import { bad, good, note, sentence, warning } from "./findings.ts";

const KEY = "make a key in Jellyfin's Dashboard, API Keys, and set JELLYFIN_API_KEY";

/** Whether Jellyfin answers, takes the key, and its files are found here under their own names. */
export async function checkJellyfin(
  config: Config,
  roots: readonly string[],
  files: MediaFiles,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { url, apiKey, strmDir } = config.jellyfin;
  if (url === undefined)
    return [note("jellyfin", "not set up; to use it, set JELLYFIN_URL=http://<server>:8096")];
  const client = createJellyfinClient({ url, apiKey, attempts: 1 });
  const server = await checkServer(client, url, signal);
  if (server.verdict !== "good") return [server];
  if (apiKey === undefined)
    return [
      server,
      warning(
        "jellyfin",
        "no API key: Upreel cannot look up what a webhook means, nor switch players",
        KEY,
      ),
    ];
  try {
    const sessions = await client.sessions(signal);
    const playing = sessions.filter(({ NowPlayingItem }) => NowPlayingItem).length;
    const libraries = await client.libraries(signal);
    const items = libraries.map((library) =>
      checkLibrary(config, roots, files, client, library, signal),
    );
    return [
      server,
      good("jellyfin", `the API key works; ${playing} of ${sessions.length} sessions are playing`),
      ...(await Promise.all(items)).filter((finding) => finding !== undefined),
      ...(strmDir === undefined ? [] : [await checkStrmDir(config, strmDir, libraries)]),
    ];
  } catch (thrown) {
    return [server, bad("jellyfin", sentence(thrown), KEY)];
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
    const message = `${ServerName ?? "Jellyfin"} at ${url} is version ${Version}`;
    return isKnown
      ? good("jellyfin", message)
      : warning("jellyfin", `${message}; Upreel is tested with 10.10 and later`, "update Jellyfin");
  } catch (thrown) {
    return bad("jellyfin", sentence(thrown), "check JELLYFIN_URL, and that Jellyfin is running");
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
  const query = { libraryId: ItemId, newestFirst: true, startIndex: 0, limit: 1 };
  const [item] = (await client.items(query, signal)).items;
  if (typeof item?.Path !== "string" || item.Path.endsWith(".strm")) return undefined;
  const what = `library ${Name}`;
  try {
    const here = pathHere(config, item.Path);
    const { path } = await files.locate(here, roots);
    const mapped = path === item.Path ? "under the same name" : `as ${path}`;
    return good(what, `${item.Path} can be read here ${mapped}`);
  } catch (thrown) {
    return bad(
      what,
      `${item.Path}: ${sentence(thrown)}`,
      "make the folder visible here, name it in MEDIA_ROOTS, and set PATH_MAP=/folder/in/jellyfin=/folder/here if the names differ",
    );
  }
}

async function checkStrmDir(
  config: Config,
  folder: string,
  libraries: readonly JellyfinLibrary[],
): Promise<Finding> {
  if (config.publicUrl === undefined)
    return bad("STRM_DIR", "it needs PUBLIC_URL", "PUBLIC_URL=http://<this machine>:5000");
  if (folder === "source")
    return good(
      "STRM_DIR",
      "upscaled films appear as versions of the films, where their folders can be written to",
    );
  const library = libraries.find(({ Locations }) =>
    Locations.some((location) => pathHere(config, location) === folder),
  );
  if (library === undefined)
    return warning(
      "STRM_DIR",
      `no library of Jellyfin's has the folder ${folder}`,
      "add it in Jellyfin as a library Upscaled of the type Movies; set PATH_MAP if Jellyfin sees it elsewhere",
    );
  return access(folder, constants.W_OK).then(
    () => good("STRM_DIR", `${folder} is Jellyfin's library ${library.Name}`),
    (thrown: unknown) => bad("STRM_DIR", sentence(thrown), `make ${folder} writable`),
  );
}
