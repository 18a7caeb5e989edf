import type { Strings } from "../en.ts";
import { decimal } from "./decimal.ts";

const notPlayed = (codec: string | undefined): string =>
  codec === undefined
    ? "hat einen Codec, den dieser Browser nicht abspielt"
    : `ist ${codec}, was dieser Browser nicht abspielt`;

/** The player and the comparison, in German. */
export const germanWatch: Pick<Strings, "compare" | "look" | "watch"> = {
  compare: {
    watch: "Ansehen",
    divider: "Trennlinie zwischen Original und hochskaliertem Bild",
    dividerAt: (share) => `${share} % Original, ${100 - share} % hochskaliert`,
    noOriginal: "Dieser Browser kann das Original nicht zeigen",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    reset: "Ganzes Bild",
    flip: "Halten zum Umschalten",
    save: "Beide als PNG speichern",
    stills: "Dieses Bild mit jedem Modell",
    stillsText:
      "Jedes Modell skaliert dieses Bild hoch, eines nach dem anderen. Zeige auf ein Bild, um in alle hineinzuzoomen.",
    stillsMake: "Dieses Bild hochskalieren",
    stillOf: (model) => `Dieses Bild mit ${model}`,
    fps: (count) => `hier ${decimal(count, count < 10 ? 1 : 0)} Bilder/s`,
    took: (milliseconds) => `${milliseconds.toFixed(0)} ms für dieses Bild`,
    hint: "Ziehe die Trennlinie. Scrolle zum Zoomen, ziehe zum Verschieben. Halte X für das Original; mit , und . geht es Bild für Bild weiter.",
  },

  look: {
    quality: "Qualität",
    asLineAllows: "Wie die Verbindung es erlaubt",
    lean: (lines) => `${lines}, spart Daten`,
    title: "Bildstil",
    presets: "Bildstile",
    preset: {
      film: "Wie der Film",
      vivid: "Kräftig",
      crisp: "Scharf",
      soft: "Weich",
      warm: "Wärmer",
      cool: "Kühler",
      night: "Nacht",
    },
    part: {
      brightness: "Helligkeit",
      contrast: "Kontrast",
      saturation: "Farbe",
      warmth: "Wärme",
      sharpen: "Schärfe",
    },
  },

  watch: {
    notFoundTitle: "Dieser Film ist nicht da",
    notFoundText:
      "Er wurde gelöscht, oder der Link ist unvollständig. Du kannst ihn bei deinen Filmen neu starten.",
    film: "Film",
    toFilms: "Zu deinen Filmen",
    compare: "Vergleichen",
    noOriginalCodec: (codec) =>
      `Der Originalfilm ${notPlayed(codec)}. Du siehst den hochskalierten Film, während er entsteht. mpv und VLC spielen beide: siehe unten.`,
    noUpscaledCodec: (codec) =>
      `Der hochskalierte Film ${notPlayed(codec)}. mpv und VLC spielen ihn: siehe unten. Mit VIDEO_ENCODER=libx264 laufen neue Filme in jedem Browser.`,
    neitherFilm:
      "Dieser Browser kann den Film nicht abspielen. Nimm einen anderen Player: siehe unten.",
    broken: "Wiedergabe unterbrochen. Neuer Versuch…",
    makeAhead: "Im Voraus hochskalieren",
    isMadeAhead: "Er wird im Voraus hochskaliert. Du kannst diese Seite schließen.",
    ended: {
      idle: "Dieser Film ist teilweise hochskaliert. Es geht weiter.",
      failed: "Das Hochskalieren ist fehlgeschlagen.",
      cancelled: "Das Hochskalieren wurde abgebrochen.",
    },
    asItIs: "Dieser Film wird nicht hochskaliert. Du siehst das Original.",
    asItIsElsewhere: (codec) =>
      `Dieser Film wird nicht hochskaliert, und das Original ${notPlayed(codec)}. mpv und VLC spielen es: siehe unten.`,
    original: "Original",
    upscaled: "Hochskaliert",
    sdrOf: (hdr) => `SDR aus ${hdr}`,
    beingMade: "Dieser Teil wird gerade hochskaliert",
    notYet: "noch nicht hochskaliert",
    resumed: (at) => `Fortgesetzt bei ${at}.`,
    startOver: "Von vorn",
    next: (title) => `Als Nächstes: ${title}`,
    nextPlay: "Abspielen",
    skip: { intro: "Intro überspringen", credits: "Abspann überspringen" },
    readyAt: (time) => `Er ist um ${time} fertig.`,
    offer: "Der hochskalierte Film ist bereit.",
    offerTake: "Ansehen",
    offerLeave: "Beim Original bleiben",
    play: "Abspielen",
    pause: "Anhalten",
    mute: "Ton aus",
    unmute: "Ton an",
    volume: "Lautstärke",
    settings: "Bild, Ton und Untertitel",
    picture: "Bild",
    speed: "Tempo",
    audio: "Tonspur",
    subtitles: "Untertitel",
    none: "Keine",
    keys: "Tasten",
    cast: "Auf einem anderen Bildschirm abspielen",
    castTo: "Läuft auf einem anderen Bildschirm",
    castLeave: "Bildschirm wählen oder hier weiterspielen",
    pip: "Bild-in-Bild",
    fullscreen: "Vollbild",
    leaveFullscreen: "Vollbild verlassen",
    madeBy: {
      title: "Hochskaliert mit",
      models: {
        auto: "Automatisch",
        fast: "Schnell",
        balanced: "Ausgewogen",
        best: "Beste",
        fastest: "Am schnellsten",
        lanczos: "Nur vergrößert",
      },
      style: "Stil",
      styles: { faithful: "Treu", set: "Voreinstellung", sharp: "Scharf" },
      faces: "Gesichter",
      faceStrengths: { off: "Aus", light: "Leicht", clear: "Deutlich", full: "Ganz" },
    },
    seek: "Wiedergabeposition",
    seekAt: (at, total, ahead) => `${at} von ${total}, ${ahead} voraus hochskaliert`,
    wishes: {
      auto: "Automatisch",
      ask: "Mich fragen",
      original: "Original",
      upscaled: "Hochskaliert",
    },
    keyList: [
      ["Leertaste K", "Abspielen oder anhalten"],
      ["← →", "5 Sekunden zurück oder vor"],
      ["J L", "10 Sekunden zurück oder vor"],
      ["0 … 9", "Zu 0 % … 90 % des Films"],
      [", .", "Ein Bild zurück oder vor"],
      ["U", "Original oder hochskaliert"],
      ["↑ ↓ M", "Lautstärke, Ton aus"],
      ["< >", "Langsamer oder schneller"],
      ["C", "Untertitel"],
      ["P", "Bild-in-Bild"],
      ["F", "Vollbild"],
      ["?", "Diese Liste"],
    ],
  },
};
