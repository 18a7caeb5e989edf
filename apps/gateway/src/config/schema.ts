import { z } from "zod";
import { jellyfinSettings } from "./settings/jellyfin-settings.ts";
import { programSettings } from "./settings/program-settings.ts";
import { serverSettings } from "./settings/server-settings.ts";
import { serviceSettings } from "./settings/service-settings.ts";
import type { SettingText } from "./settings/setting.ts";
import { storageSettings } from "./settings/storage-settings.ts";
import { upscaleSettings } from "./settings/upscale-settings.ts";

/** Every setting, under the name it has in the environment and in the file. */
export const settingsSchema = z.strictObject({
  ...serverSettings,
  ...jellyfinSettings,
  ...serviceSettings,
  ...upscaleSettings,
  ...storageSettings,
  ...programSettings,
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
