import { CONTENTS, PROVIDERS, VIDEO_ENCODERS } from "@upreel/core";
import {
  parsePathMap,
  parsePlayRules,
  parseScanRules,
  parseStartRules,
  PLAY_MODES,
  START_MODES,
} from "@upreel/jellyfin";
import { z } from "zod";
import { parseHours } from "./hours.ts";
import { parseSize, parseWatermark } from "./disk-space.ts";

/** What `docs/configuration.md` and the error list say of a setting. */
export interface SettingText {
  readonly expected: string;
  readonly description: string;
}

const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** Environment variables are text; z.coerce would also take true, null and [7] from the file. */
const numberOrText = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value),
    schema,
  );
const whole = (min: number, max: number) => numberOrText(z.number().int().min(min).max(max));
const isHttpUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === ""
  );
};

/** A list separated by `:` in the environment, an array of strings in the file. */
const pathList = z.preprocess(
  (value) =>
    typeof value === "string" ? value.split(":").filter((entry) => entry.trim() !== "") : value,
  z.array(z.string().startsWith("/")),
);

/** Text with a grammar of its own; what is no text is left to the schema. */
const textAs = <T extends z.ZodType>(parse: (text: string) => unknown, schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? parse(value) : value), schema);

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

/** A list separated by commas in the environment, an array of strings in the file. */
const providerList = z.preprocess(
  (value) =>
    typeof value === "string" && value !== "auto"
      ? value.split(",").map((entry) => entry.trim())
      : value,
  z.union([
    z.literal("auto"),
    z
      .array(z.enum(PROVIDERS))
      .min(1)
      .refine((list) => new Set(list).size === list.length),
  ]),
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
const watermark = z.string().refine((text) => parseWatermark(text) !== undefined);
const isSize = (text: string): boolean => (parseSize(text) ?? 0) > 0;

const setting = <T extends z.ZodType>(schema: T, expected: string, description: string): T =>
  schema.meta({ expected, description } satisfies SettingText);

/** Every setting, under the name it has in the environment and in the file. */
export const settingsSchema = z.strictObject({
  PORT: setting(
    whole(0, 65_535).default(5000),
    "a whole number from 0 to 65535",
    "TCP port to listen on; 0 takes any free one.",
  ),
  HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "a host name or an IP address",
    "Address to listen on. The default answers this machine alone; `0.0.0.0` answers the network (set `API_TOKEN` too).",
  ),
  DATA_DIR: setting(
    // ffmpeg's HLS muxer takes a % in a path for the segment's number.
    z
      .string()
      .min(1)
      .regex(/^[^%]*$/)
      .default("./data"),
    "a folder without % in its name",
    "Where streams, finished films and downloaded models are kept.",
  ),
  MEDIA_ROOTS: setting(
    pathList.default([]),
    "absolute folders separated by `:` (in the file: an array)",
    "Only files in these folders may be upscaled, symlinks resolved. `upreel serve <film>` and `upreel upscale <film>` add the folder of that film. With none, every trigger is refused.",
  ),
  PUBLIC_URL: setting(
    z.string().refine(isHttpUrl).optional(),
    "an http:// or https:// URL without query",
    "How players reach the gateway; the URLs in answers start with it. Without it they use the Host header of the request.",
  ),
  API_TOKEN: setting(
    z.string().min(8).optional(),
    "at least 8 characters",
    "When set, calls need `Authorization: Bearer …` or `X-Api-Token`. Playing by a stream's own URL, its status and `/health` stay open.",
  ),
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
    "a folder of its own",
    "Upreel keeps one `.strm` file for each stream here; make it a movie library of Jellyfin's named Upscaled. Needs `PUBLIC_URL`.",
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
    "How a film begins through `PROXY_PORT`, by the first rule that fits, else `upscaled`; with `original` it begins as it is and is switched when enough is upscaled (needs `JELLYFIN_API_KEY`). `client=Jellyfin Roku:original; upscaled`",
  ),
  WEB_SCRIPT: setting(
    z.enum(["on", "off"]).default("off"),
    "on or off",
    "Whether `PROXY_PORT` adds a button and a panel to the player of Jellyfin's web client.",
  ),
  MODEL: setting(
    z.string().min(1).default("auto"),
    "a model id (see `upreel models`) or `auto`",
    "Model that upscales. `auto` takes the best one that keeps up on this machine.",
  ),
  CONTENT: setting(
    z.enum(["auto", ...CONTENTS]).default("auto"),
    "auto, film or animation",
    "What films are, for `MODEL=auto`. `auto` looks at some pictures where a model for one kind is set or installed; a trigger may say it (`content`).",
  ),
  MODEL_FOR_ANIMATION: setting(
    z.string().min(1).optional(),
    "a model id",
    "What `MODEL=auto` begins with for animation. Without, an installed public model for it that is fast enough.",
  ),
  MODEL_FOR_FILM: setting(z.string().min(1).optional(), "a model id", "The same for live action."),
  PROVIDERS: setting(
    providerList.default("auto"),
    `auto, or some of ${PROVIDERS.join(", ")} separated by commas (in the file: an array)`,
    "What networks run on. `auto` measures all that work here and takes the fastest. A list gives the order instead: the first one that passes the proof run is used. Without `cpu` in it, films are scaled plainly where none works.",
  ),
  TILE_MEMORY: setting(
    whole(64, 65_536).default(1024),
    "a whole number from 64 to 65536 (MiB)",
    "Working memory of one inference thread: pictures that need more go through the network in tiles.",
  ),
  KEEP_UP: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Whether a stream that someone watches goes on with a faster model, last with plain scaling, when the chosen one falls behind the playing.",
  ),
  SCALE: setting(
    whole(1, 8).default(2),
    "a whole number from 1 to 8",
    "Wanted magnification; fitted to `MAX_OUTPUT_HEIGHT`.",
  ),
  QUALITY: setting(
    whole(0, 51).default(20),
    "a whole number from 0 (best) to 51",
    "Encoder quality: CRF of x264 and x265, CQ of NVENC, and the like.",
  ),
  VIDEO_ENCODER: setting(
    z.enum(["auto", ...VIDEO_ENCODERS]).default("auto"),
    `one of auto, ${VIDEO_ENCODERS.join(", ")}`,
    "Video encoder. `auto` takes a hardware H.264 encoder that works here, else libx264. The HEVC ones do not play on Apple devices nor in Chrome.",
  ),
  MAX_OUTPUT_HEIGHT: setting(
    whole(144, 8640).default(2160),
    "a whole number from 144 to 8640 (pixels)",
    "Short side of the largest picture made; a source that already has it is refused.",
  ),
  MAX_STREAMS: setting(
    whole(1, 64).default(2),
    "a whole number from 1 to 64",
    "Runs that work at the same time, of all films together. They go to viewers by what each has ready, then to next episodes, then to the background; as many may be parked in memory.",
  ),
  REMAKE: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Whether segments that a faster model made to keep up are made again by the wanted one before the film is finished, while nobody watches near there. With `MODEL=auto` the wanted one is the best that makes a film of two hours in eight.",
  ),
  ON_STOP: setting(
    z.enum(["finish", "pause", "cancel"]).default("finish"),
    "one of finish, pause, cancel",
    "What becomes of a film when its last viewer stops: it is finished in the background, or paused, or cancelled.",
  ),
  THREADS: setting(
    whole(0, 256).default(0),
    "a whole number from 0 to 256",
    "Inference threads of one upscale; 0 means one for each core and one more.",
  ),
  HLS_SEGMENT_TIME: setting(
    numberOrText(z.number().min(0.5).max(30)).default(2),
    "a number from 0.5 to 30 (seconds)",
    "Length of a segment, rounded to whole frames.",
  ),
  HLS_LIST_SIZE: setting(
    whole(3, 1000).default(10),
    "a whole number from 3 to 1000",
    "Segments in the live playlist.",
  ),
  MODELS_DIR: setting(
    z.string().min(1).optional(),
    "a folder",
    "Where your own models are: put `name.onnx` here and it is the model `name`. Without it, `models` in `DATA_DIR`.",
  ),
  DISK_HIGH: setting(
    watermark.default("2GB"),
    "a share used, for example 95%, or a space left free, for example 2GB",
    "When the disk of `DATA_DIR` is fuller than this, only what somebody watches is made, and unfinished work that nobody has wanted for `RETENTION_HOURS` is deleted, the oldest first. A size counts at most as a tenth of the disk.",
  ),
  DISK_LOW: setting(
    watermark.default("5GB"),
    "a share used, for example 90%, or a space left free, for example 5GB",
    "When there is so much room again, everything goes on by itself. A size counts at most as a fifth of the disk.",
  ),
  RETENTION_HOURS: setting(
    numberOrText(z.number().min(0)).default(24),
    "a number of hours, 0 or more",
    "What was triggered or played within this time is never deleted to make room.",
  ),
  ARCHIVE_QUOTA: setting(
    z.string().refine(isSize).optional(),
    "a size, for example 500GB",
    "When finished films take more than this together, the one is deleted that nobody has wanted for the longest time. Pinned ones stay. Without it, all stay.",
  ),
  EXPORT: setting(
    z.enum(["off", "mkv", "mp4"]).default("off"),
    "off, mkv or mp4",
    "Also writes each finished film into one file with all sound, subtitles and chapters of its source, without encoding again.",
  ),
  EXPORT_DIR: setting(
    z.string().min(1).optional(),
    "a folder, or source",
    "Where exports go; `source`: beside the source, named as another version of it. Without it, `exported` in `DATA_DIR`.",
  ),
  MODELS_QUOTA: setting(
    whole(1, 1_000_000).default(4096),
    "a whole number from 1 to 1000000 (MiB)",
    "What the folder of models may take: your files, downloads and the networks made of them.",
  ),
  FFMPEG: setting(
    z.string().min(1).default("ffmpeg"),
    "a program",
    "The ffmpeg to use: a name on the PATH or an absolute path.",
  ),
  FFPROBE: setting(
    z.string().min(1).default("ffprobe"),
    "a program",
    "The ffprobe to use: a name on the PATH or an absolute path.",
  ),
  LOG_LEVEL: setting(
    z.enum(LOG_LEVELS).default("info"),
    `one of ${LOG_LEVELS.join(", ")}`,
    "Least severe messages to log; `debug` also shows where an error came from.",
  ),
});

/** The settings as they were read, under their own names. */
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const SETTING_NAMES = Object.keys(settingsSchema.shape) as readonly SettingName[];

/** Description and accepted values of one setting. */
export function settingText(name: SettingName): SettingText {
  const meta = settingsSchema.shape[name].meta();
  return { expected: String(meta?.["expected"]), description: String(meta?.["description"]) };
}
