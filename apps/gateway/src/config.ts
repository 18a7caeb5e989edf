import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UpreelError } from "@upreel/core";
import { z } from "zod";
import { readApiToken } from "./config/api-token.ts";
import { readKeptSettings, type SettingSources } from "./config/settings-store.ts";
import { parseSettings, type Config, type RawSettings } from "./config/parse-settings.ts";

const DEFAULT_FILE = "upreel.json";

/**
 * Reads the configuration: environment over what was set on the dashboard, over `UPREEL_CONFIG` (or
 * ./upreel.json), over defaults.
 * This file alone reads and writes process.env. Throws `invalid_config`.
 */
export const loadConfig = (overrides: RawSettings = {}): Config => loadSettings(overrides).config;

/** The same, with where the values came from. */
export function loadSettings(overrides: RawSettings = {}): {
  readonly config: Config;
  readonly sources: SettingSources;
} {
  const named = process.env["UPREEL_CONFIG"];
  const path = resolve(named === undefined || named === "" ? DEFAULT_FILE : named);
  const file = named || existsSync(path) ? readSettingsFile(path) : {};
  const vulkanDrivers = process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"];
  const environment = { ...process.env, ...overrides };
  const cwd = process.cwd();
  // They lie in the data folder, which only the environment and the file can name.
  const { dataDir } = parseSettings(environment, file, cwd);
  const kept = readKeptSettings(dataDir);
  const parsed = parseSettings(environment, { ...file, ...kept }, cwd);
  const config = Object.freeze({
    ...parsed,
    apiToken: parsed.needsToken ? readApiToken(dataDir) : parsed.apiToken,
    vulkanDrivers: vulkanDrivers?.split(":"),
  });
  return { config, sources: { environment, kept, file, cwd } };
}

function readSettingsFile(path: string): RawSettings {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new UpreelError("invalid_config", `cannot read the configuration file ${path}`, {
      expected: "a JSON object of settings",
      got: cause instanceof z.ZodError ? "JSON that is not an object of settings" : String(cause),
      cause,
    });
  }
}

/** The key of a worker for its farm; taken out, so that no program that it starts finds it. */
export function takeFarmKey(): string | undefined {
  const { FARM_KEY: key } = process.env;
  delete process.env["FARM_KEY"];
  return key === "" ? undefined : key;
}

/** Where programs are looked for. */
export const programsPath = (): string => process.env["PATH"] ?? "";

/**
 * The folder that relative paths on the command line start from. npm runs scripts in the folder of
 * package.json and keeps the caller's own one in INIT_CWD.
 */
export function callerFolder(): string {
  const packageRoot = fileURLToPath(new URL("../../..", import.meta.url));
  const caller = process.env["INIT_CWD"];
  const runsByNpm = resolve(process.cwd()) === resolve(packageRoot);
  return runsByNpm && caller !== undefined && caller !== "" ? caller : process.cwd();
}

/** Whether errors should show where they came from; also before the configuration could be read. */
export function isDebugging(): boolean {
  return process.env["LOG_LEVEL"] === "debug";
}

/** `--share`: from now on this process and all that it starts answer the whole network, whatever the files say. */
export function shareOnNetwork(): void {
  process.env["HOST"] = "0.0.0.0";
}

/** From now on this process and all that it starts keep their temporary files in `path`. */
export function useTempFolder(path: string): void {
  process.env["TMPDIR"] = path;
}

/** What all processes that this one starts from now on find in their environment. */
export function useEnvironment(values: Readonly<Record<string, string>>): void {
  Object.assign(process.env, values);
}

export type { Config };
