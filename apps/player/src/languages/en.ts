import type { ErrorCode, StreamState, ToldCode } from "@upreel/core";
import { englishFilms } from "./en/films.ts";
import { englishPlugins } from "./en/plugins.ts";
import { englishSystem } from "./en/system.ts";
import { englishSettings } from "./en/settings.ts";
import { englishWebhooks } from "./en/webhooks.ts";
import { englishWatch } from "./en/watch.ts";

/** Every text that people read on the pages, what belongs to one page in `en/`; other languages have the same shape. */
export const english = {
  brand: "Upreel",
  close: "Close",
  cancel: "Cancel",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  copyByHand: "Select it",
  loading: "Loading",
  nothing: "–",
  units: { second: "s", minute: "min", hour: "h", point: "." },

  errors: {
    offline: "Upreel is not responding.",
    status: (status: number) => `Upreel answered with an error (HTTP ${status}).`,
    details: "Details",
    /** In place of the gateway's own sentence, by its code; that is English. */
    codes: {} as Readonly<Partial<Record<ErrorCode, string>>>,
    expected: (what: string) => `Expected: ${what}.`,
    got: (what: string) => `Got: ${what}.`,
  },

  /** In place of the gateway's own sentences about a film, by their codes; those are English. */
  told: {} as Readonly<Partial<Record<ToldCode, string>>>,

  connection: {
    lost: "Upreel is not responding. Reconnecting…",
  },

  token: {
    title: "Enter the API token",
    text: "Upreel printed it when it was first started, or it was set as API_TOKEN. This browser will remember it. You do not need it if you scan the code under “Watch on another device”.",
    label: "API token",
    use: "Continue",
    wrong: "This token is not correct.",
  },

  device: {
    title: "Watch on another device",
    code: "QR code of the address",
    scan: "Point the phone's camera at this code.",
    type: "Or type this address into its browser, on a TV for example. It must be on the same network.",
    typeHome:
      "Or open this address in its browser, on a TV for example, and choose the film there. It must be on the same network.",
    hasToken:
      "The code contains your API token: whoever scans it can do everything that you can do.",
    closed:
      "Only this computer can reach Upreel now. To let other devices in, stop it and start it like this:",
    closedText: "It prints the address, and an API token that keeps everybody else out.",
  },

  nav: {
    label: "Pages",
    films: "Films",
    jobs: "Jobs",
    models: "Models",
    plugins: "Plugins",
    system: "System",
    settings: "Settings",
    logs: "Logs",
  },

  states: {
    queued: "Waiting",
    starting: "Starting",
    running: "Upscaling",
    paused: "Paused",
    idle: "Partly upscaled",
    complete: "Ready",
    failed: "Failed",
    cancelled: "Cancelled",
  } satisfies Record<StreamState, string>,
  originalOnly: "Original",
  enlarged: "Ready, only enlarged",
  enlargedHint: "Made without a model: the picture is larger, but not sharper.",
  finishing: "Finishing",
  finishingHint:
    "Everything is upscaled and can be watched. It is now being checked and joined into one file.",
  improving: "Improving",
  improvingHint:
    "Everything is upscaled and can be watched. Parts made by a faster model are redone by the better one while nobody is watching them and nothing more urgent is waiting.",
  following: "Waiting for the rest",
  followingHint:
    "Everything so far is upscaled and can be watched. The file is still being written; the rest will follow.",

  ...englishFilms,
  ...englishPlugins,
  ...englishSystem,
  ...englishSettings,
  ...englishWebhooks,
  ...englishWatch,
};

export type Strings = typeof english;
