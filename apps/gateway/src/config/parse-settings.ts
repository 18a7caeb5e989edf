import { join, resolve } from "node:path";
import { PROVIDERS, UpreelError } from "@upreel/core";
import { parseSize, parseWatermark } from "./disk-space.ts";
import { isLoopback } from "./is-loopback.ts";
import { peerFolder } from "./peer-folder.ts";
import {
  SETTING_NAMES,
  settingsSchema,
  settingText,
  type SettingName,
  type Settings,
} from "./schema.ts";

/**
 * The gateway's configuration. Paths are absolute, times and sizes carry their unit. What each setting
 * means stands in the schema.
 */
export type Config = ReturnType<typeof toConfig>;

/** Values by setting name: strings from the environment, anything from the file. */
export type RawSettings = Readonly<Record<string, unknown>>;

const isSettingName = (name: PropertyKey): name is SettingName =>
  (SETTING_NAMES as readonly PropertyKey[]).includes(name);

/** What is never shown: not on a page, in a terminal or in a log. */
export const isSecret = (name: string): boolean =>
  name === "API_TOKEN" ||
  name === "AI_SERVICE_TOKEN" ||
  name === "TRANSCODE_TOKEN" ||
  name === "JELLYFIN_API_KEY" ||
  // With a password in it.
  name === "FARM_URL";

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

const shown = (name: string, value: unknown): string =>
  isSecret(name) ? "a secret of another shape" : shortened(JSON.stringify(value));

/**
 * Checks file and environment together (the environment wins; an empty variable counts as unset,
 * since compose files pass those). Throws `invalid_config` that lists every wrong value.
 */
export function parseSettings(environment: RawSettings, file: RawSettings, cwd: string): Config {
  const fromEnvironment = SETTING_NAMES.filter(
    (name) => environment[name] !== undefined && environment[name] !== "",
  ).map((name) => [name, environment[name]] as const);
  const given: Record<string, unknown> = { ...file, ...Object.fromEntries(fromEnvironment) };
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return toConfig(parsed.data, cwd);

  const problems = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    // A key that nobody knows may also be one within a setting.
    const [setting] = issue.path;
    const names =
      setting === undefined && issue.code === "unrecognized_keys" ? issue.keys : [String(setting)];
    for (const name of names)
      problems.set(
        name,
        isSettingName(name)
          ? `${name}: expected ${settingText(name).expected}, got ${shown(name, given[name])}`
          : `${name}: no such setting (see docs/configuration.md)`,
      );
  }
  throw new UpreelError(
    "invalid_config",
    ["the configuration has wrong values:", ...problems.values()].join("\n  "),
  );
}

/** What the schema has proved to be there. */
function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new UpreelError("internal", "a setting was accepted that cannot be read");
  return value;
}

function toConfig(s: Settings, cwd: string) {
  const dataDir = resolve(cwd, s.DATA_DIR);
  const gatewayUrl = s.FARM_URL === undefined ? undefined : s.GATEWAY_URL?.replace(/\/+$/, "");
  return Object.freeze({
    port: s.PORT,
    host: s.HOST,
    dataDir,
    mediaRoots: Object.freeze([...s.MEDIA_ROOTS]),
    // Without a slash at its end, as all addresses here.
    publicUrl: s.PUBLIC_URL?.replace(/\/+$/, ""),
    allowedHosts: Object.freeze(s.ALLOWED_HOSTS),
    apiToken: s.API_TOKEN === "none" ? undefined : s.API_TOKEN,
    // Others than this machine are answered, and nothing was said of a token: one is made.
    needsToken: s.API_TOKEN === undefined && !isLoopback(s.HOST),
    trustedProxies: Object.freeze(s.TRUSTED_PROXIES),
    farmUrl: s.FARM_URL,
    // Undefined: this gateway is alone in its data folder.
    gatewayUrl,
    ownDir: peerFolder(dataDir, gatewayUrl),
    jellyfin: Object.freeze({
      url: s.JELLYFIN_URL?.replace(/\/+$/, ""),
      apiKey: s.JELLYFIN_API_KEY,
      pathMap: s.PATH_MAP,
      pageUser: s.JELLYFIN_USER,
      strmDir:
        s.STRM_DIR === undefined || s.STRM_DIR === "source" ? s.STRM_DIR : resolve(cwd, s.STRM_DIR),
      onPlay: s.ON_PLAY,
      wishes: s.FILM_RULES,
      nextEpisodes: s.NEXT_EPISODES,
      proxy: Object.freeze({ host: s.PROXY_HOST, port: s.PROXY_PORT }),
      start: s.START,
      prepares: s.PREPARE === "on",
      hasWebScript: s.WEB_SCRIPT === "on",
    }),
    aiService: Object.freeze({
      // undefined: off.
      port: s.AI_SERVICE_PORT,
      host: s.AI_SERVICE_HOST,
      token: s.AI_SERVICE_TOKEN,
    }),
    transcode: Object.freeze({
      // undefined: off.
      port: s.TRANSCODE_PORT,
      host: s.TRANSCODE_HOST,
      token: s.TRANSCODE_TOKEN,
    }),
    library: Object.freeze({
      rules: s.LIBRARY_RULES,
      hours: s.LIBRARY_HOURS,
      itemsPerNight: s.LIBRARY_ITEMS,
      minFreeBytes: s.LIBRARY_MIN_FREE_GB * 1e9,
    }),
    ...networkConfig(s),
    offersLadder: s.LADDER === "on",
    rates: s.RATE,
    scale: s.SCALE,
    // undefined: what this machine can.
    targetHeight: s.TARGET_HEIGHT === "auto" ? undefined : s.TARGET_HEIGHT,
    quality: s.QUALITY,
    videoEncoder: s.VIDEO_ENCODER,
    maxOutputHeight: s.MAX_OUTPUT_HEIGHT,
    maxStreams: s.MAX_STREAMS,
    farm: s.FARM,
    inUseShare: s.IN_USE_LOAD / 100,
    maxQueued: s.MAX_QUEUED,
    plansAtATime: s.PLANS_AT_A_TIME,
    growthTimeoutMs: s.GROWTH_TIMEOUT * 1000,
    remakes: s.REMAKE === "on",
    onStop: s.ON_STOP,
    threads: s.THREADS,
    segmentSeconds: s.HLS_SEGMENT_TIME,
    listSize: s.HLS_LIST_SIZE,
    modelsDir: s.MODELS_DIR === undefined ? join(dataDir, "models") : resolve(cwd, s.MODELS_DIR),
    diskHigh: required(parseWatermark(s.DISK_HIGH)),
    diskLow: required(parseWatermark(s.DISK_LOW)),
    retentionMs: s.RETENTION_HOURS * 3_600_000,
    archiveQuotaBytes: s.ARCHIVE_QUOTA === undefined ? undefined : parseSize(s.ARCHIVE_QUOTA),
    exportFormat: s.EXPORT,
    exportDir:
      s.EXPORT_DIR === undefined
        ? join(dataDir, "exported")
        : s.EXPORT_DIR === "source"
          ? "source"
          : resolve(cwd, s.EXPORT_DIR),
    modelsQuotaBytes: s.MODELS_QUOTA * 2 ** 20,
    scans: s.SCANS === "on",
    ffmpeg: s.FFMPEG,
    ffprobe: s.FFPROBE,
    logLevel: s.LOG_LEVEL,
    // Manifests of the Vulkan drivers to use in place of the system's, which are no setting of Upreel's.
    vulkanDrivers: undefined as readonly string[] | undefined,
  });
}

/** What makes the pictures. */
const networkConfig = (s: Settings) => ({
  model: s.MODEL,
  // undefined: the pictures are looked at.
  content: s.CONTENT === "auto" ? undefined : s.CONTENT,
  sharpness: s.SHARPNESS,
  faces: Object.freeze({ isOn: s.FACES === "on", strength: s.FACE_STRENGTH }),
  modelFor: Object.freeze({ animation: s.MODEL_FOR_ANIMATION, film: s.MODEL_FOR_FILM }),
  providers: Object.freeze(s.PROVIDERS === "auto" ? [...PROVIDERS] : s.PROVIDERS),
  // Speed decides between the providers, not their order.
  choosesProviderBySpeed: s.PROVIDERS === "auto",
  tileBytes: s.TILE_MEMORY * 2 ** 20,
  keepsUp: s.KEEP_UP === "on",
});
