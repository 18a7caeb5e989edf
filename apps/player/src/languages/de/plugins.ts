import type { Strings } from "../en.ts";
import { decimal } from "./decimal.ts";

/** Plugins, and the films that they looked at, in German. */
export const germanPlugins: Pick<Strings, "plugins"> = {
  plugins: {
    title: "Plugins",
    text: "Plugins untersuchen deine Filme: Sie finden Intro und Abspann, damit du sie überspringen kannst, und was beim Hochskalieren hilft.",
    isOff:
      "Plugins untersuchen Filme nicht von selbst. Das ändert „Plugins untersuchen Filme“ in den Einstellungen.",
    confined:
      "Plugins können deine Filme lesen und in einen eigenen Ordner schreiben. Sie haben kein Netz und sehen weder andere Programme noch Upreels Einstellungen.",
    notConfined:
      "Plugins laufen auf diesem Computer nicht abgeschottet: Jedes kann alles, was Upreel selbst kann. Installiere nur Plugins, denen du vertraust.",
    states: {
      discovered: "Bereit",
      starting: "Startet",
      running: "Läuft",
      stopping: "Wird beendet",
      stopped: "Bereit",
      error: "Fehlgeschlagen",
    },
    off: "Aus",
    refused: "Läuft nicht",
    refusedText: "Seine plugin.json hat diese Fehler:",
    builtIn: "eingebaut",
    runBy: (engine) => `läuft mit ${engine}`,
    lookedAt: (films) => (films === 1 ? "hat 1 Film untersucht" : `hat ${films} Filme untersucht`),
    foundParts: (parts) =>
      parts === 1 ? "1 Intro oder Abspann gefunden" : `${parts} Intros und Abspanne gefunden`,
    looksAtFilms: "Untersucht Filme",
    onlyFor: (kinds) => `nur für ${kinds}`,
    kinds: { movies: "Filme", tv: "Serien" },
    doesNotLook: "Kann nichts, was Upreel nutzt",
    unused: (names) => `von Upreel nicht genutzt: ${names}`,
    toldOf: (events) => `erfährt von ${events}`,
    turnOn: "Einschalten",
    turnOff: "Ausschalten",
    offIn: (folder) => `Aus für Filme in ${folder}`,
    turnOnThere: "Dort einschalten",
    log: "Protokoll",
    logOf: (name) => `Protokoll von ${name}`,
    logEmpty: "Nichts, seit Upreel gestartet wurde.",
    scans: "Zuletzt untersucht",
    noScans: "Noch wurde kein Film untersucht.",
    scanStates: {
      waiting: "Wartet",
      running: "Wird untersucht",
      done: "Fertig",
      failed: "Fehlgeschlagen",
    },
    season: (films) => `mit der Staffel, ${films} Folgen`,
    found: (parts) => (parts === 0 ? "nichts gefunden" : `${parts} gefunden`),
    known: "schon bekannt",
    working: "untersucht gerade",
    failed: "fehlgeschlagen",
    reasons: {
      single_episode: "nur eine Folge",
      too_short: "zu kurz",
      fingerprint_failed: "nicht lesbar",
      not_yet: "kommt beim nächsten Mal dran",
      no_match_found: "nichts gefunden",
      no_video_stream: "enthält kein Video",
      media_type: "das Plugin ist für solche Filme nicht gedacht",
      rate_limit: "das Plugin erlaubt gerade keine weiteren Aufrufe",
    },
    facts: {
      scans: {
        progressive: "Vollbilder",
        interlaced: "Halbbilder",
        mixed: "teils Halbbilder",
        telecine: "Film in Video",
      },
      contents: { film: "gefilmt", animation: "gezeichnet" },
      bars: (sides) => `Balken ${sides}`,
      sides: { top: "oben", bottom: "unten", left: "links", right: "rechts" },
      noise: (levels) => `Rauschen ${decimal(levels, 1)}`,
      compressed: {
        light: "wenig komprimiert",
        usual: "normal komprimiert",
        hard: "stark komprimiert",
      },
      cuts: (perMinute) => `${perMinute} Schnitte pro Minute`,
    },
    skipped: (count, reason) => `${count} übersprungen: ${reason}`,
    again: "Noch einmal untersuchen",
    install: "Plugin installieren",
    installText:
      "Ein Plugin ist ein Ordner mit einer plugin.json. Auf dem Computer, auf dem Upreel läuft:",
  },
};
