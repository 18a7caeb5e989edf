import type { FindingText } from "./finding-text.ts";

const KEY = "create a key in Jellyfin's Dashboard, API Keys, and set JELLYFIN_API_KEY";

/** What the doctor says of Jellyfin and its libraries. */
export const JELLYFIN_TEXTS = {
  jellyfin_off: { message: "not set up; to use it, set JELLYFIN_URL=http://<server>:8096" },
  jellyfin_no_key: {
    message: "no API key: Upreel cannot look up what a webhook means, nor switch players",
    fix: KEY,
  },
  jellyfin_key: { message: "the API key works; {playing} of {sessions} sessions are playing" },
  jellyfin_key_refused: { message: "{reason}", fix: KEY },
  jellyfin_version: { message: "{name} at {url} is version {version}" },
  jellyfin_old: {
    message: "{name} at {url} is version {version}; Upreel is tested with 10.10 and later",
    fix: "update Jellyfin",
  },
  jellyfin_away: {
    message: "{reason}",
    fix: "check JELLYFIN_URL, and that Jellyfin is running",
  },
  jellyfin_segments: { message: "it stores intros and credits (MediaSegments API {version})" },
  jellyfin_segments_fail: {
    message: "intros and credits are not stored in Jellyfin: {reason}",
    fix: "look into Jellyfin's log, and at its plugin MediaSegments API",
  },
  jellyfin_no_segments: {
    message:
      "intros can be skipped only through the proxy: Jellyfin has no plugin MediaSegments API",
  },
  library_same: { message: "{path} can be read here under the same name" },
  library_mapped: { message: "{path} can be read here as {here}" },
  library_unreadable: {
    message: "{path}: {reason}",
    fix: "make the folder visible here, name it in MEDIA_ROOTS, and set PATH_MAP=/folder/in/jellyfin=/folder/here if the names differ",
  },
  strm_address: { message: "it needs PUBLIC_URL", fix: "`PUBLIC_URL=http://<this machine>:5000`" },
  strm_source: {
    message:
      "upscaled films appear as versions of the films, where their folders can be written to",
  },
  strm_no_library: {
    message: "no library of Jellyfin's has the folder {folder}",
    fix: "add it in Jellyfin as a library Upscaled of the type Movies; set PATH_MAP if Jellyfin sees it elsewhere",
  },
  strm_library: { message: "{folder} is Jellyfin's library {library}" },
  strm_read_only: { message: "{reason}", fix: "make {folder} writable" },
} as const satisfies Record<string, FindingText>;
