import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UpreelError, type Setting } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";
import { isSecret, parseSettings, type Config, type RawSettings } from "./parse-settings.ts";
import { SETTING_NAMES, settingsSchema, settingText, type SettingName } from "./schema.ts";

/** Where values come from, the strongest first; `cwd`: where relative paths start. */
export interface SettingSources {
  readonly environment: RawSettings;
  /** What was set on the dashboard: `settings.json` in DATA_DIR. */
  readonly kept: RawSettings;
  readonly file: RawSettings;
  readonly cwd: string;
}

export interface SettingsStore {
  /** The configuration in use; what needs no restart follows `change`. */
  readonly config: Config;
  /** What the next start works with, as it can be read now. Throws `bad_request` where it cannot. */
  readNext(): Config;
  list(): readonly Setting[];
  /**
   * Sets values by name, null for the default, and keeps them. Throws `bad_request` that lists every
   * wrong one; then nothing is changed.
   */
  change(values: RawSettings): Promise<void>;
}

/** These shape the profile of a film that is started; all others are read once. */
const AT_RUN_TIME = ["MODEL", "SCALE", "QUALITY", "VIDEO_ENCODER"] as const;
/** The folder that holds the kept settings, who may change them, and programs: whoever may run one starts the gateway. */
const NOT_HERE = new Set<SettingName>([
  "DATA_DIR",
  "API_TOKEN",
  "AI_SERVICE_TOKEN",
  "TRANSCODE_TOKEN",
  "FFMPEG",
  "FFPROBE",
]);

const keptSchema = z.record(z.string(), z.unknown());
const keptSettingsPath = (dataDir: string): string => join(dataDir, "settings.json");

/** What was set on the dashboard; empty where nothing was. Throws `invalid_config`. */
export function readKeptSettings(dataDir: string): RawSettings {
  const path = keptSettingsPath(dataDir);
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const isOfDisk = cause instanceof Error && "code" in cause;
    if (isOfDisk && cause.code === "ENOENT") return {};
    throw new UpreelError("invalid_config", `cannot read the settings of the dashboard, ${path}`, {
      expected: isOfDisk
        ? "DATA_DIR to be a folder that this user may read"
        : "the JSON that the dashboard wrote; delete the file to go back to the defaults",
      got: String(cause),
      cause,
    });
  }
}

/** `reread`: what a process that starts now reads; without, nothing but this changes anything. */
export function createSettingsStore(
  started: Config,
  sources: SettingSources,
  reread?: () => Config,
): SettingsStore {
  const { environment, file, cwd } = sources;
  const isGiven = (name: SettingName): boolean =>
    environment[name] !== undefined && environment[name] !== "";
  const stored = new JsonFile(keptSettingsPath(started.dataDir), keptSchema, {
    ...{ isDurable: true, indent: 2, mode: 0o600, makesFolder: true },
  });
  let kept = sources.kept;
  let next = started;
  const atStart = new Map(SETTING_NAMES.map((name) => [name, valueOf(name, sources)]));
  // Not frozen, as what was read is: these four follow `change`.
  const config: Config = {
    ...started,
    get model() {
      return next.model;
    },
    get scale() {
      return next.scale;
    },
    get quality() {
      return next.quality;
    },
    get videoEncoder() {
      return next.videoEncoder;
    },
  };

  function originOf(name: SettingName): Setting["origin"] {
    if (isGiven(name)) return "environment";
    if (name in kept) return "dashboard";
    return name in file ? "file" : "default";
  }

  const sourcesNow = (): SettingSources => ({ environment, kept, file, cwd });

  function view(name: SettingName): Setting {
    const value = valueOf(name, sourcesNow());
    const schema = z.toJSONSchema(settingsSchema.shape[name], {
      ...{ io: "input", unrepresentable: "any" },
    });
    const needsRestart = !(AT_RUN_TIME as readonly SettingName[]).includes(name);
    const secret = isSecret(name);
    return {
      name,
      value: secret ? value !== undefined : (value ?? null),
      text: secret ? "" : settingAsText(givenValue(name, sourcesNow()) ?? schema.default ?? value),
      is_secret: secret,
      origin: originOf(name),
      can_change: !isGiven(name) && !NOT_HERE.has(name),
      needs_restart: needsRestart,
      is_waiting: needsRestart && JSON.stringify(value) !== JSON.stringify(atStart.get(name)),
      ...settingText(name),
      schema,
    };
  }

  return {
    config,
    readNext: () => orRefuse(reread ?? (() => next)),
    list: () => SETTING_NAMES.map(view),
    async change(values) {
      const fixed = Object.keys(values).filter(
        (name) => (SETTING_NAMES as readonly string[]).includes(name) && !canChange(name, isGiven),
      );
      if (fixed.length > 0)
        throw new UpreelError("bad_request", `these cannot be set here: ${fixed.join(", ")}`, {
          expected: "settings that the environment leaves open",
        });
      const merged = Object.fromEntries(
        Object.entries({ ...kept, ...values }).filter(([, value]) => value !== null),
      );
      const parsed = orRefuse(() => parseSettings(environment, { ...file, ...merged }, cwd));
      refuseStoredKey(next.jellyfin, parsed.jellyfin, values);
      await stored.write(merged);
      kept = merged;
      next = parsed;
    },
  };
}

const canChange = (name: string, isGiven: (name: SettingName) => boolean): boolean =>
  !NOT_HERE.has(name as SettingName) && !isGiven(name as SettingName);

function orRefuse(read: () => Config): Config {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof UpreelError)) throw thrown;
    const { message, expected, got } = thrown;
    throw new UpreelError("bad_request", message, { expected, got, cause: thrown });
  }
}

/** A key is for one server: whoever names another one must know its key. */
function refuseStoredKey(
  before: Config["jellyfin"],
  after: Config["jellyfin"],
  values: RawSettings,
): void {
  const isNewServer = after.url !== undefined && after.url !== before.url;
  const isKeyNew = typeof values["JELLYFIN_API_KEY"] === "string";
  if (!isNewServer || after.apiKey === undefined || isKeyNew) return;
  throw new UpreelError(
    "bad_request",
    [
      "a stored key is not sent to another server:",
      "JELLYFIN_API_KEY: expected the key of the new JELLYFIN_URL in the same call, got none (where the environment or the file sets the key, set the URL there, too)",
    ].join("\n  "),
  );
}

/** As the schema reads it, from the strongest source that has it. */
function valueOf(name: SettingName, sources: SettingSources): unknown {
  return settingsSchema.shape[name].parse(givenValue(name, sources));
}

function givenValue(name: SettingName, { environment, kept, file }: SettingSources): unknown {
  const given = environment[name] === "" ? undefined : environment[name];
  return given ?? kept[name] ?? file[name];
}

/** Only the configuration file can hold lists and objects. */
function settingAsText(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  if (typeof value === "string" || typeof value === "number") return String(value);
  return JSON.stringify(value);
}
