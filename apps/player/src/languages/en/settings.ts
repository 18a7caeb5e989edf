import { englishSettingTitles } from "./setting-titles.ts";

/** Settings and the log, in English. */
export const englishSettings = {
  settings: {
    title: "Settings",
    text: "Saved on the server. Settings given as environment variables are read-only here.",
    filter: "Search settings",
    noneMatch: "No setting matches.",
    groups: {
      films: "Films and picture",
      jellyfin: "Jellyfin",
      night: "Upscaling at night",
      access: "Who can reach Upreel",
      storage: "Storage",
      advanced: "Advanced",
    },
    leave: "Leave without saving your changes?",
    save: "Save",
    discard: "Discard",
    saved: "Saved.",
    changed: (count: number) => (count === 1 ? "1 unsaved change" : `${count} unsaved changes`),
    restart: "Some changes need a restart. Films that are playing pause for a few seconds.",
    restartNow: "Restart now",
    restarting: "Upreel is restarting…",
    newAddress: "If this page does not come back, you will find it here:",
    origins: {
      environment: "Environment variable",
      dashboard: "Set here",
      file: "From upreel.json",
      default: "Default",
    },
    waiting: "Saved · restart needed",
    needsRestart: "restart needed",
    nextFilm: "used from the next film on",
    takes: (expected: string) => `Accepts ${expected}.`,
    wrong: (expected: string, got: string) => `Expected ${expected}, got "${got}"`,
    isSet: "is set",
    isNotSet: "is not set",
    language: "Language",
    languageText: "For these pages, in this browser only.",
    languageAuto: "Same as the browser",
    titles: englishSettingTitles,
    /** In place of the gateway's own words, by the name of the setting; those are English. */
    descriptions: {} as Readonly<Record<string, string>>,
    /** Phrases by which the gateway says what a value may be, each with its words in this language. */
    expected: [] as readonly (readonly [string, string])[],
  },

  logs: {
    title: "Logs",
    level: "Show",
    levels: {
      error: "Errors only",
      warn: "Errors and warnings",
      info: "Errors, warnings and notices",
      debug: "Everything, with details",
    },
    filter: "Search the log",
    empty: "No line matches.",
  },
};
