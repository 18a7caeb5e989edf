import {
  parsePlayRules,
  parseScanRules,
  parseStartRules,
  parseWishRules,
  PLAY_MODES,
  START_MODES,
} from "@upreel/jellyfin";
import { filmWishSchema, folderHere, parseHours, parsePathMap } from "@upreel/core";
import { z } from "zod";
import { isHttpUrl, setting, textAs, whole } from "./setting.ts";

const asFolderHere = (to: unknown): unknown => (typeof to === "string" ? folderHere(to) : to);

const pathMap = textAs(
  parsePathMap,
  z.preprocess(
    (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([from, to]) => ({ from, to }))
        : value,
    z.array(z.object({ from: z.string().min(1), to: z.preprocess(asFolderHere, z.string()) })),
  ),
);

const ruleOf = <Modes extends readonly [string, ...string[]]>(modes: Modes) =>
  z.strictObject({
    user: z.string().min(1).optional(),
    library: z.string().min(1).optional(),
    client: z.string().min(1).optional(),
    mode: z.enum(modes),
  });
const playRules = textAs(parsePlayRules, z.array(ruleOf(PLAY_MODES)));
const startRules = textAs(parseStartRules, z.array(ruleOf(START_MODES)));

const wishRules = textAs(
  parseWishRules,
  z.array(
    z.strictObject({
      user: z.string().min(1).optional(),
      library: z.string().min(1).optional(),
      client: z.string().min(1).optional(),
      wish: filmWishSchema,
    }),
  ),
);

const scanRules = textAs(
  parseScanRules,
  z.array(
    z.strictObject({
      library: z.string().min(1).optional(),
      user: z.string().min(1).optional(),
      below: z.int().positive().optional(),
      unwatched: z.boolean().optional(),
      favourites: z.boolean().optional(),
      next: z.boolean().optional(),
    }),
  ),
);

/** Jellyfin: where it is, its proxy, its clients, and its libraries at night. */
export const jellyfinSettings = {
  JELLYFIN_URL: setting(
    z.string().refine(isHttpUrl).optional(),
    "an http:// or https:// URL without query",
    "Address of your Jellyfin server, as this computer reaches it. See [jellyfin.md](jellyfin.md).",
  ),
  JELLYFIN_API_KEY: setting(
    z
      .string()
      .regex(/^[^\s"]{8,}$/)
      .optional(),
    "a key from Jellyfin's Dashboard, API Keys",
    "Lets Upreel look up files in Jellyfin, see who plays what, switch players to the upscaled film and show posters. Needed for webhooks.",
  ),
  JELLYFIN_USER: setting(
    z.string().trim().min(1).max(200).optional(),
    "the name of a user of Jellyfin",
    "Who watches on Upreel's own pages: films go on where this user left them in Jellyfin, if that is newer. Without it, the one user that Jellyfin has; if it has several, nobody. Only browsers that have the API token learn of it (without `API_TOKEN`, only this computer).",
  ),
  PATH_MAP: setting(
    pathMap.default([]),
    "`/jellyfin/folder=/folder/here`, several separated by `;` (in the file: an object)",
    "Where Jellyfin's folders are on this computer, if they have other names here: `/media=/mnt/media;D:\\Films=/films`. The longest match is used. `MEDIA_ROOTS` still limits what may be read. On a computer that helps a gateway: where that one's film folders are here.",
  ),
  STRM_DIR: setting(
    z.string().min(1).optional(),
    "source, or a folder of its own",
    "Where to put a `.strm` file for each upscaled film, so that it shows up in Jellyfin. `source`: next to the film, as another version of it that shares its watched state. A separate folder (for read-only media): add it to Jellyfin as a movie library named Upscaled. Needs `PUBLIC_URL`.",
  ),
  NEXT_EPISODES: setting(
    whole(0, 20).default(1),
    "a whole number from 0 to 20",
    "How many of the following episodes to upscale, once the one being watched is ready.",
  ),
  LIBRARY_RULES: setting(
    scanRules.default([]),
    "rules separated by `;`, each of `library=…`, `below=…` (lines), `unwatched`, `favourites`, `next`, `user=…`, separated by `,` (in the file: an array of objects)",
    "Which films to upscale ahead of time, at night: `library=Old Films, below=720, unwatched; next; favourites`. Without rules, none. See [jellyfin.md](jellyfin.md).",
  ),
  LIBRARY_HOURS: setting(
    textAs(parseHours, z.object({ fromMinute: z.int(), toMinute: z.int() })).prefault(
      "01:00-07:00",
    ),
    "`HH:MM-HH:MM`, local time",
    "When films of `LIBRARY_RULES` are upscaled; `00:00-24:00` means always.",
  ),
  LIBRARY_ITEMS: setting(
    whole(1, 1000).default(5),
    "a whole number from 1 to 1000",
    "How many films of `LIBRARY_RULES` to start in one night.",
  ),
  LIBRARY_MIN_FREE_GB: setting(
    whole(0, 100_000).default(20),
    "a whole number from 0 to 100000 (GB)",
    "No further film of `LIBRARY_RULES` is started when `DATA_DIR` has less free space than this.",
  ),
  ON_PLAY: setting(
    playRules.default([]),
    `rules separated by \`;\`, each one of ${PLAY_MODES.join(", ")}, alone or after \`user=…:\`, \`library=…:\` or \`client=…:\` (in the file: an array of objects with \`mode\`)`,
    "What happens when somebody plays a film in Jellyfin. The first matching rule counts: `off` nothing; `offer` upscales only when the viewer asks for it; `ask` upscales and sends a message when it can be watched; `automatic` (the default) also switches the player. Example: `user=kids:off; client=Jellyfin Roku:ask; automatic`",
  ),
  FILM_RULES: setting(
    wishRules.default([]),
    "rules separated by `;`, each some of `model=…`, `scale=…`, `quality=…`, `target_height=…`, `sharpness=…`, `audio=…`, `content=…`, `faces=on`, `face_strength=…`, separated by `,`, alone or after `user=…:`, `library=…:` or `client=…:` (in the file: an array of objects with `wish`)",
    "Other settings for the films of some users, libraries or clients of Jellyfin. The first matching rule counts; a film that is needed in two ways is upscaled twice. Example: `user=kids: model=fast, target_height=720; library=Anime: content=animation`",
  ),
  PROXY_PORT: setting(
    whole(0, 65_535).default(8097),
    "a whole number from 0 to 65535",
    "With `JELLYFIN_URL`: the port where you get Jellyfin with upscaled films; open it instead of Jellyfin's own. 0 picks any free port.",
  ),
  PROXY_HOST: setting(
    z.string().min(1).default("0.0.0.0"),
    "a host name or an IP address",
    "Network address of `PROXY_PORT`. By default the whole network can reach it, like Jellyfin itself; Upreel's own pages are not there.",
  ),
  START: setting(
    startRules.default([]),
    `rules separated by \`;\`, each one of ${START_MODES.join(", ")}, alone or after \`user=…:\`, \`library=…:\` or \`client=…:\` (in the file: an array of objects with \`mode\`)`,
    "How a film starts through `PROXY_PORT`. The first matching rule counts: `upscaled` waits up to three seconds for the first upscaled pictures; `original` starts with the original and switches when enough is upscaled (needs `JELLYFIN_API_KEY`). Without a rule, films start upscaled if earlier starts were fast enough (1.5 s). Example: `client=Jellyfin Roku:original; upscaled`",
  ),
  PREPARE: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Upscales the first seconds of a film as soon as its page is opened in Jellyfin (through `PROXY_PORT`), and those of the next episode near the end of an episode. If the film is not played, they are deleted after a minute.",
  ),
  WEB_SCRIPT: setting(
    z.enum(["on", "off"]).default("off"),
    "on or off",
    "Adds an Upreel button and panel to the player on Jellyfin's web page (through `PROXY_PORT`).",
  ),
};
