import type { Strings } from "../en.ts";
import { germanSettingTitles } from "./setting-titles.ts";
import { germanExpected, germanSettingTexts } from "./setting-texts.ts";

/** Settings and the log, in German. */
export const germanSettings: Pick<Strings, "settings" | "logs"> = {
  settings: {
    title: "Einstellungen",
    text: "Werden auf dem Server gespeichert. Was als Umgebungsvariable gesetzt ist, lässt sich hier nicht ändern.",
    filter: "Einstellungen suchen",
    noneMatch: "Keine Einstellung passt.",
    groups: {
      films: "Filme und Bild",
      jellyfin: "Jellyfin",
      night: "Nachts hochskalieren",
      access: "Wer Upreel erreichen kann",
      storage: "Speicherplatz",
      advanced: "Erweitert",
    },
    leave: "Ohne Speichern verlassen?",
    save: "Speichern",
    discard: "Verwerfen",
    saved: "Gespeichert.",
    changed: (count) =>
      count === 1 ? "1 ungespeicherte Änderung" : `${count} ungespeicherte Änderungen`,
    restart:
      "Einige Änderungen brauchen einen Neustart. Laufende Filme halten dabei ein paar Sekunden an.",
    restartNow: "Jetzt neu starten",
    restarting: "Upreel startet neu…",
    newAddress: "Falls diese Seite danach nicht wiederkommt, findest du sie hier:",
    origins: {
      environment: "Umgebungsvariable",
      dashboard: "Hier gesetzt",
      file: "Aus upreel.json",
      default: "Voreinstellung",
    },
    waiting: "Gespeichert · Neustart nötig",
    needsRestart: "Neustart nötig",
    nextFilm: "gilt ab dem nächsten Film",
    takes: (expected) => `Möglich: ${expected}.`,
    wrong: (expected, got) => `Erwartet: ${expected}; erhalten: „${got}“`,
    isSet: "ist gesetzt",
    isNotSet: "ist nicht gesetzt",
    language: "Sprache",
    languageText: "Für diese Seiten, nur in diesem Browser.",
    languageAuto: "Wie im Browser",
    titles: germanSettingTitles,
    descriptions: germanSettingTexts,
    expected: germanExpected,
  },

  logs: {
    title: "Logs",
    level: "Anzeigen",
    levels: {
      error: "Nur Fehler",
      warn: "Fehler und Warnungen",
      info: "Fehler, Warnungen und Hinweise",
      debug: "Alles, mit Einzelheiten",
    },
    filter: "Logs durchsuchen",
    empty: "Keine Zeile passt.",
  },
};
