import {
  parsePathMap,
  parsePlayRules,
  parseScanRules,
  parseStartRules,
  PLAY_MODES,
  START_MODES,
} from "@upreel/jellyfin";
import { z } from "zod";
import { parseHours } from "../hours.ts";
import { isHttpUrl, setting, textAs, whole } from "./setting.ts";

const pathMap = textAs(
  parsePathMap,
  z.preprocess(
    (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([from, to]) => ({ from, to }))
        : value,
    z.array(z.object({ from: z.string().min(1), to: z.string().startsWith("/") })),
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
    "The Jellyfin server, as this machine reaches it. See [jellyfin.md](jellyfin.md).",
  ),
  JELLYFIN_API_KEY: setting(
    z
      .string()
      .regex(/^[^\s"]{8,}$/)
      .optional(),
    "a key from Jellyfin's Dashboard, API Keys",
    "Lets Upreel ask Jellyfin which file an item is, who plays what, and switch clients. Webhooks need it.",
  ),
  PATH_MAP: setting(
    pathMap.default([]),
    "`/jellyfin/folder=/folder/here`, several separated by `;` (in the file: an object)",
    "Where Jellyfin's folders are on this machine, when the paths differ: `/media=/mnt/media;D:\\Films=/films`. The longest one that fits wins. `MEDIA_ROOTS` still says what may be read.",
  ),
  STRM_DIR: setting(
    z.string().min(1).optional(),
    "source, or a folder of its own",
    "Upreel keeps one `.strm` file for each stream; `source`: beside the film, where Jellyfin takes it for another version of it, with one watched state. In a folder of its own (for media that cannot be written): make it a movie library of Jellyfin's named Upscaled. Needs `PUBLIC_URL`.",
  ),
  NEXT_EPISODES: setting(
    whole(0, 20).default(1),
    "a whole number from 0 to 20",
    "Episodes after the one that is watched to upscale, once that one is finished.",
  ),
  LIBRARY_RULES: setting(
    scanRules.default([]),
    "rules separated by `;`, each of `library=…`, `below=…` (lines), `unwatched`, `favourites`, `next`, `user=…`, separated by `,` (in the file: an array of objects)",
    "What is upscaled ahead, at night: `library=Old Films, below=720, unwatched; next; favourites`. With none, nothing. See [jellyfin.md](jellyfin.md).",
  ),
  LIBRARY_HOURS: setting(
    textAs(parseHours, z.object({ fromMinute: z.int(), toMinute: z.int() })).prefault(
      "01:00-07:00",
    ),
    "`HH:MM-HH:MM`, local time",
    "When films of `LIBRARY_RULES` are made; `00:00-24:00` is always.",
  ),
  LIBRARY_ITEMS: setting(
    whole(1, 1000).default(5),
    "a whole number from 1 to 1000",
    "Films of `LIBRARY_RULES` begun in one night.",
  ),
  LIBRARY_MIN_FREE_GB: setting(
    whole(0, 100_000).default(20),
    "a whole number from 0 to 100000 (GB)",
    "Free space in `DATA_DIR` below which no further film of `LIBRARY_RULES` is begun.",
  ),
  ON_PLAY: setting(
    playRules.default([]),
    `rules separated by \`;\`, each one of ${PLAY_MODES.join(", ")}, alone or after \`user=…:\`, \`library=…:\` or \`client=…:\` (in the file: an array of objects with \`mode\`)`,
    "What playing in Jellyfin does, by the first rule that fits, else `automatic`: `off` nothing; `offer` upscales only when the viewer asks; `ask` upscales and says when it can be watched; `automatic` also switches the client. `user=kids:off; client=Jellyfin Roku:ask; automatic`",
  ),
  PROXY_PORT: setting(
    whole(0, 65_535).default(8097),
    "a whole number from 0 to 65535",
    "With `JELLYFIN_URL`: TCP port where Jellyfin is answered with upscaled films; open it in place of Jellyfin's own. 0 takes any free one.",
  ),
  PROXY_HOST: setting(
    z.string().min(1).default("0.0.0.0"),
    "a host name or an IP address",
    "Address that `PROXY_PORT` is on. The default answers the network, as Jellyfin does; Upreel's own interface is not there.",
  ),
  START: setting(
    startRules.default([]),
    `rules separated by \`;\`, each one of ${START_MODES.join(", ")}, alone or after \`user=…:\`, \`library=…:\` or \`client=…:\` (in the file: an array of objects with \`mode\`)`,
    "How a film begins through `PROXY_PORT`, by the first rule that fits: `upscaled` waits up to three seconds for the first upscaled pictures; `original` begins as it is and is switched when enough is upscaled (needs `JELLYFIN_API_KEY`). Without a rule the client is answered within 1.5 s: upscaled where starts were measured to be as quick. `client=Jellyfin Roku:original; upscaled`",
  ),
  PREPARE: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Whether a film whose page is opened through `PROXY_PORT`, and the episode after one that is nearly over, has its first seconds made beforehand, behind all other work; what is not played is deleted after a minute.",
  ),
  WEB_SCRIPT: setting(
    z.enum(["on", "off"]).default("off"),
    "on or off",
    "Whether `PROXY_PORT` adds a button and a panel to the player of Jellyfin's web client.",
  ),
};
