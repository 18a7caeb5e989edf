import type { Setting } from "@upreel/core";

/** Groups of settings, the ones that matter to most people first; and in each the same. */
const GROUPS = {
  films: [
    "MEDIA_ROOTS",
    "MODEL",
    "SHARPNESS",
    "SCALE",
    "TARGET_HEIGHT",
    "QUALITY",
    "MAX_OUTPUT_HEIGHT",
    "KEEP_UP",
    "FACES",
    "FACE_STRENGTH",
    "LADDER",
    "RATE",
    "ON_STOP",
  ],
  jellyfin: [
    ...[
      "JELLYFIN_URL",
      "JELLYFIN_API_KEY",
      "JELLYFIN_USER",
      "PATH_MAP",
      "PROXY_PORT",
      "ON_PLAY",
      "FILM_RULES",
      "START",
      "WEB_SCRIPT",
    ],
    ...["AI_SERVICE_PORT", "AI_SERVICE_HOST", "AI_SERVICE_TOKEN"],
    ...["PREPARE", "NEXT_EPISODES", "STRM_DIR", "PROXY_HOST", "TRUSTED_PROXIES"],
  ],
  night: ["LIBRARY_RULES", "LIBRARY_HOURS", "LIBRARY_ITEMS", "LIBRARY_MIN_FREE_GB"],
  access: ["HOST", "PORT", "API_TOKEN", "PUBLIC_URL", "ALLOWED_HOSTS"],
  storage: [
    ...[
      "DATA_DIR",
      "ARCHIVE_QUOTA",
      "RETENTION_HOURS",
      "EXPORT",
      "EXPORT_DIR",
      "DISK_HIGH",
      "DISK_LOW",
    ],
    ...["MODELS_DIR", "MODELS_QUOTA"],
  ],
} as const;

export type SettingGroup = keyof typeof GROUPS | "advanced";

/** The settings in their groups and in order; what is in none of them is for experts. */
export function groupSettings(
  settings: readonly Setting[],
): readonly (readonly [SettingGroup, readonly Setting[]])[] {
  const byName = new Map(settings.map((setting) => [setting.name, setting]));
  const grouped = Object.entries(GROUPS).map(([group, names]) => {
    const found = names.flatMap((name) => byName.get(name) ?? []);
    for (const { name } of found) byName.delete(name);
    return [group as SettingGroup, found] as const;
  });
  return [...grouped, ["advanced", [...byName.values()]] as const].filter(
    ([, found]) => found.length > 0,
  );
}
