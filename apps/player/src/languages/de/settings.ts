import type { Strings } from "../en.ts";

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
    restart: "Starte Upreel neu, damit alle Änderungen gelten.",
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
    descriptions: {
      MEDIA_ROOTS:
        "Deine Filmordner. Nur Filme darin können hochskaliert werden; Verknüpfungen nach außen zählen nicht.",
      MODEL:
        "Das Modell, das hochskaliert. `auto` nimmt das beste, das auf diesem Computer schnell genug ist; `fastest` bis `best` nehmen eines der mitgelieferten, egal wie schnell es ist.",
      SHARPNESS:
        "Wie scharf `MODEL=auto` Filme macht. 0 bleibt am nächsten beim Original; höhere Werte schärfen Kanten und mindern Unschärfe.",
      SCALE:
        "Um wie viel breiter und höher das Bild wird. `auto` nimmt das kleinere von ×1,5 und ×2, das den Bildschirm füllt (`TARGET_HEIGHT`), und macht es nie größer; Filme, die ihn schon füllen, bleiben, wie sie sind.",
      TARGET_HEIGHT:
        "Der Bildschirm, für den `SCALE=auto` Filme macht, in Zeilen. `auto` sind 1080, und 2160, wo eine GPU das live schafft.",
      QUALITY:
        "Bildqualität beim Kodieren (CRF): Kleinere Werte sehen besser aus und brauchen mehr Platz.",
      MAX_OUTPUT_HEIGHT:
        "Größte Höhe eines hochskalierten Bildes. Filme, die sie schon haben, werden nicht hochskaliert.",
      KEEP_UP:
        "Ob ein schnelleres Modell übernimmt, wenn jemand zusieht und das bisherige nicht mitkommt.",
      ON_STOP: "Was geschieht, wenn der letzte Zuschauer geht.",
      JELLYFIN_URL: "Adresse deines Jellyfin-Servers.",
      JELLYFIN_API_KEY: "API-Schlüssel von Jellyfin.",
      HOST: "Netzadresse der Seiten und der API. Voreingestellt: nur dieser Computer. Mit `0.0.0.0` das ganze Netz; dann ist das `API_TOKEN` nötig.",
      PORT: "Port der Seiten und der API; 0 nimmt irgendeinen freien.",
      PUBLIC_URL:
        "Die Adresse, unter der Player Upreel erreichen, wenn es nicht die des Browsers ist (hinter einem Proxy zum Beispiel).",
      DATA_DIR: "Wo fertige Filme, angefangene Arbeit und heruntergeladene Modelle liegen.",
    },
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
