import type { Strings } from "./en.ts";
import { germanFilms } from "./de/films.ts";
import { germanPlugins } from "./de/plugins.ts";
import { germanSystem } from "./de/system.ts";
import { germanSettings } from "./de/settings.ts";
import { germanTold } from "./de/told.ts";
import { germanWebhooks } from "./de/webhooks.ts";
import { germanWatch } from "./de/watch.ts";

/** The pages in German. */
export const german: Strings = {
  brand: "Upreel",
  close: "Schließen",
  cancel: "Abbrechen",
  retry: "Erneut versuchen",
  copy: "Kopieren",
  copied: "Kopiert",
  copyByHand: "Bitte markieren",
  loading: "Wird geladen",
  nothing: "–",
  units: { second: "s", minute: "min", hour: "h", point: "," },

  errors: {
    offline: "Upreel antwortet nicht.",
    status: (status) => `Upreel hat mit einem Fehler geantwortet (HTTP ${status}).`,
    details: "Details",
    codes: {
      unauthorized: "Dafür ist das API-Token nötig.",
      site_refused: "Diese Anfrage kam von einer anderen Seite und wurde abgelehnt.",
      body_too_large: "Das ist zu groß.",
      source_not_a_file: "Das ist keine Datei.",
      source_truncated: "Die Filmdatei ist abgeschnitten: Der Film endet früher.",
      source_damaged: "Teile der Filmdatei sind beschädigt.",
      source_uneven: "Bild und Ton dieses Films sind nicht gleich lang.",
      sound_missing: "Einem Teil des Films fehlt der Ton.",
      audio_unknown: "Diese Tonspur gibt es nicht.",
      model_unknown: "Dieses Modell gibt es nicht.",
      encoder_unavailable: "Dieser Encoder funktioniert hier nicht.",
      encoder_failed: "Das Kodieren ist fehlgeschlagen.",
      decoder_failed: "Die Filmdatei lässt sich nicht dekodieren.",
      inference_failed: "Das Modell ist fehlgeschlagen.",
      worker_lost: "Ein Arbeitsprozess ist unerwartet beendet worden.",
      archive_invalid: "Die fertige Datei stimmt nicht mit dem Film überein.",
      archive_gone: "Die fertige Datei ist nicht mehr da.",
      film_incomplete: "Dem fertigen Film fehlt etwas vom Original.",
      jellyfin_not_set_up: "Jellyfin ist nicht eingerichtet.",
      jellyfin_failed: "Jellyfin hat mit einem Fehler geantwortet.",
      jellyfin_item_unknown: "Jellyfin kennt diesen Film nicht.",
      invalid_config: "Eine Einstellung stimmt nicht.",
      cancelled: "Das wurde abgebrochen.",
      stream_not_found: "Dieser Film ist nicht da.",
      source_missing: "Diese Filmdatei gibt es nicht.",
      source_outside_roots: "Diese Datei liegt in keinem Filmordner.",
      source_unreadable: "Diese Filmdatei lässt sich nicht lesen.",
      source_unavailable: "Die Festplatte dieses Films antwortet gerade nicht.",
      source_growing: "Diese Datei wird noch geschrieben.",
      source_changed: "Die Filmdatei hat sich seit dem Start geändert.",
      source_no_video: "In dieser Datei ist kein Film.",
      source_too_large: "Dieser Film ist schon so groß, wie er werden dürfte.",
      source_too_long: "Dieser Film ist zu lang.",
      source_hdr: "Diese Art von HDR kann nicht umgerechnet werden.",
      codec_unsupported: "Der Codec dieses Films wird nicht unterstützt.",
      model_not_found: "Dieses Modell gibt es nicht.",
      model_unusable: "Dieses Modell lässt sich nicht verwenden.",
      models_full: "Für weitere Modelle ist kein Platz mehr (MODELS_QUOTA).",
      download_failed: "Das Herunterladen ist fehlgeschlagen.",
      out_of_memory: "Der Arbeitsspeicher reicht nicht.",
      disk_full: "Die Festplatte ist voll.",
      disk_read_only: "Auf die Festplatte kann nicht geschrieben werden.",
      jellyfin_unreachable: "Jellyfin ist nicht erreichbar.",
      jellyfin_refused: "Jellyfin hat die Anfrage abgelehnt. Stimmt der API-Schlüssel?",
      export_failed: "Das Speichern ist fehlgeschlagen.",
      ffmpeg_missing: "ffmpeg fehlt.",
      queue_full: "Es warten schon zu viele Filme.",
      cannot_hold: "Dieser Computer ist zu langsam, um den Film live zu zeigen.",
      timeout: "Das hat zu lange gedauert.",
    },
    expected: (what) => `Erwartet: ${what}.`,
    got: (what) => `Erhalten: ${what}.`,
  },

  told: germanTold,

  connection: {
    lost: "Upreel antwortet nicht. Verbindung wird neu aufgebaut…",
  },

  token: {
    title: "API-Token eingeben",
    text: "Upreel hat es beim ersten Start angezeigt, oder es wurde als API_TOKEN gesetzt. Dieser Browser merkt es sich. Wer den Code von „Auf einem anderen Gerät ansehen“ scannt, braucht keines.",
    label: "API-Token",
    use: "Weiter",
    wrong: "Dieses Token stimmt nicht.",
  },

  device: {
    title: "Auf einem anderen Gerät ansehen",
    code: "QR-Code der Adresse",
    scan: "Richte die Kamera des Handys auf diesen Code.",
    type: "Oder gib diese Adresse dort im Browser ein, zum Beispiel am Fernseher. Das Gerät muss im selben Netz sein.",
    typeHome:
      "Oder öffne diese Adresse dort im Browser, zum Beispiel am Fernseher, und wähle den Film. Das Gerät muss im selben Netz sein.",
    hasToken: "Der Code enthält dein API-Token: Wer ihn scannt, darf alles, was du darfst.",
    closed:
      "Im Moment erreicht nur dieser Computer Upreel. Beende es und starte es so, dass auch andere Geräte es erreichen:",
    closedText: "Es zeigt dann die Adresse und ein API-Token, das alle anderen fernhält.",
  },

  nav: {
    label: "Seiten",
    films: "Filme",
    jobs: "Aufträge",
    models: "Modelle",
    plugins: "Plugins",
    system: "System",
    settings: "Einstellungen",
    logs: "Logs",
  },

  states: {
    queued: "Wartet",
    starting: "Startet",
    running: "Wird hochskaliert",
    paused: "Angehalten",
    idle: "Teilweise hochskaliert",
    complete: "Fertig",
    failed: "Fehlgeschlagen",
    cancelled: "Abgebrochen",
  },
  originalOnly: "Original",
  enlarged: "Fertig, nur vergrößert",
  enlargedHint: "Ohne Modell erstellt: Das Bild ist größer, aber nicht schärfer.",
  finishing: "Wird fertiggestellt",
  finishingHint:
    "Alles ist hochskaliert und kann angesehen werden. Es wird geprüft und zu einer Datei zusammengefügt.",
  improving: "Wird verbessert",
  improvingHint:
    "Alles ist hochskaliert und kann angesehen werden. Teile, die ein schnelleres Modell erstellt hat, erstellt das bessere neu, solange niemand sie ansieht und nichts Dringenderes wartet.",
  following: "Wartet auf den Rest",
  followingHint:
    "Was bisher da ist, ist hochskaliert und kann angesehen werden. Die Datei wird noch geschrieben, der Rest folgt.",

  ...germanFilms,
  ...germanPlugins,
  ...germanSystem,
  ...germanSettings,
  ...germanWebhooks,
  ...germanWatch,
};
