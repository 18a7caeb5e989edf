import type { Content, FilmFacts, ScansAnswer } from "@upreel/core";

type PluginState = ScansAnswer["plugins"][number]["state"];
type Scan = ScansAnswer["jobs"][number];

/** Plugins, and the films that they looked at, in English. */
export const englishPlugins = {
  plugins: {
    title: "Plugins",
    text: "Plugins look at your films: they find intros and credits to skip, and what helps to upscale a film well.",
    isOff:
      "Plugins do not look at films by themselves. To change that, turn on “Plugins look at films” in the settings.",
    confined:
      "Plugins can read your films and write to one folder of their own. They have no network and cannot see other programs or Upreel's settings.",
    notConfined:
      "Plugins are not confined on this computer: each can do whatever Upreel itself can. Install only plugins that you trust.",
    states: {
      discovered: "Ready",
      starting: "Starting",
      running: "Running",
      stopping: "Stopping",
      stopped: "Ready",
      error: "Failed",
    } satisfies Record<PluginState, string>,
    off: "Off",
    refused: "Cannot run",
    refusedText: "Its plugin.json has these problems:",
    builtIn: "built in",
    runBy: (engine: string) => `runs on ${engine}`,
    lookedAt: (films: number) => (films === 1 ? "looked at 1 film" : `looked at ${films} films`),
    foundParts: (parts: number) =>
      parts === 1 ? "found 1 intro or credits" : `found ${parts} intros and credits`,
    looksAtFilms: "Looks at films",
    onlyFor: (kinds: string) => `only for ${kinds}`,
    /** Kinds of films; others are shown as the plugin calls them. */
    kinds: { movies: "movies", tv: "series" } as Readonly<Record<string, string>>,
    doesNotLook: "Does nothing that Upreel uses",
    unused: (names: string) => `not used by Upreel: ${names}`,
    toldOf: (events: string) => `gets events: ${events}`,
    turnOn: "Turn on",
    turnOff: "Turn off",
    offIn: (folder: string) => `Off for films in ${folder}`,
    turnOnThere: "Turn on there",
    log: "Log",
    logOf: (name: string) => `Log of ${name}`,
    logEmpty: "Nothing since Upreel was started.",
    scans: "Recent films",
    noScans: "No film has been looked at yet.",
    scanStates: {
      waiting: "Waiting",
      running: "Looking",
      done: "Done",
      failed: "Failed",
    } satisfies Record<Scan["state"], string>,
    season: (films: number) => `with its season, ${films} episodes`,
    found: (parts: number) => (parts === 0 ? "found nothing" : `found ${parts}`),
    known: "already known",
    working: "is looking",
    failed: "failed",
    /** Why films were skipped; others are shown as the plugin says them. */
    reasons: {
      single_episode: "only one episode",
      too_short: "too short",
      fingerprint_failed: "could not be read",
      not_yet: "will be looked at next time",
      no_match_found: "nothing found",
      no_video_stream: "contains no video",
      media_type: "the plugin is not for such films",
      rate_limit: "the plugin allows no more calls for now",
    } as Readonly<Record<string, string>>,
    /** What was found out about a film. */
    facts: {
      scans: {
        progressive: "progressive",
        interlaced: "interlaced",
        mixed: "interlaced in parts",
        telecine: "film in video",
      } satisfies Record<NonNullable<FilmFacts["scan"]>["kind"], string>,
      contents: { film: "filmed", animation: "drawn" } satisfies Record<Content, string>,
      /** So many rows or columns on these sides. */
      bars: (sides: string) => `bars ${sides}`,
      sides: { top: "at the top", bottom: "at the bottom", left: "left", right: "right" },
      noise: (levels: number) => `noise ${levels.toFixed(1)}`,
      compressed: {
        light: "lightly compressed",
        usual: "normally compressed",
        hard: "heavily compressed",
      } satisfies Record<NonNullable<FilmFacts["compression"]>["is"], string>,
      cuts: (perMinute: string) => `${perMinute} cuts a minute`,
    },
    skipped: (count: number, reason: string) => `${count} skipped: ${reason}`,
    again: "Look again",
    install: "Install a plugin",
    installText: "A plugin is a folder with a plugin.json. On the computer that runs Upreel:",
  },
};
