import type { ToldCode } from "@upreel/core";

/** What the gateway says about a film, in German. */
export const germanTold: Readonly<Record<ToldCode, string>> = {
  rung_speed:
    "Qualität „{model}“: Dieser Computer skaliert diesen Film mit etwa {speed}× Filmtempo hoch.",
  rung_not_measured: "Qualität „{model}“: auf diesem Computer noch nicht gemessen.",
  rung_untried:
    "Es wurde auf diesem Prozessor noch nicht ausprobiert, oder der Versuch schlug fehl.",
  rung_asked_for: "Du hast dieses Modell selbst gewählt.",
  rung_set_for_film: "Es ist für Realfilme eingestellt.",
  rung_set_for_animation: "Es ist für Zeichentrick eingestellt.",
  rung_made_for_film: "Es ist für Realfilme gemacht.",
  rung_made_for_animation: "Es ist für Zeichentrick gemacht.",
  rung_no_model: "Hier lässt sich kein Modell verwenden: Das Bild wird nur vergrößert.",
  rung_none_fast: "Kein Modell ist hier schnell genug: Das Bild wird nur vergrößert.",
  rung_best_live: "Es ist das beste, das zum Live-Ansehen schnell genug ist.",
  rung_not_live: "Live ansehen lässt er sich noch nicht.",
  rung_removes_blocks:
    "Der Codec des Films hinterlässt sichtbare Blöcke; dieses Modell entfernt sie.",
  rung_faces:
    "Gesichter werden restauriert, etwa {seconds} s pro Gesicht: Das geht mit etwa {speed}× Filmtempo.",
  rung_faces_later:
    "Gesichter werden nicht restauriert, während jemand zusieht: Das ginge nur mit {speed}× Filmtempo. Es geschieht in Teilen, auf die niemand wartet.",
  rung_faces_missing: "Gesichter können nicht restauriert werden: {reason}",
  rung_better_slow: "Das bessere „{model}“ war zu langsam.",
  rung_failed: "{model} ist auf {provider} fehlgeschlagen: {reason}",
  advice_ready: "Der Film ist fertig.",
  advice_live: "Er wird mit {speed}× Filmtempo hochskaliert.",
  advice_enough: "Es ist schon genug davon hochskaliert, wenn auch nur mit {speed}× Filmtempo.",
  advice_slow:
    "Zu langsam zum Live-Ansehen: Dieser Computer skaliert ihn mit {speed}× Filmtempo hoch, und nach etwa {seconds} s bliebe er stehen. Sobald er fertig ist, läuft er ohne Unterbrechung.",
  advice_too_slow: "Dieser Computer ist für diesen Film zu langsam.",
  advice_should_live: "Er wird voraussichtlich mit {speed}× Filmtempo hochskaliert.",
  advice_should_slow:
    "Zu langsam zum Live-Ansehen: Dieser Computer würde ihn mit {speed}× Filmtempo hochskalieren. Sobald er fertig ist, läuft er ohne Unterbrechung.",
  scan_telecine: "Telecine: Die Originalbilder werden wiederhergestellt, je vier aus fünf",
  scan_interlaced: "mit Zeilensprung: wird deinterlaced",
  scan_mixed: "teilweise mit Zeilensprung: wird dort deinterlaced",
  scan_progressive: "Vollbilder, obwohl die Datei Zeilensprung angibt",
  scan_flagged: "mit Zeilensprung: wird deinterlaced, wo die Bilder ihn haben",
  track_pictures: "diese Untertitel sind Bilder ({codec}), kein Text",
  track_unknown: "ffmpeg kann {codec} nicht in Text umwandeln",
  track_growing: "der Film wird noch aufgenommen: erst danach verfügbar",
  track_sound_unknown: "die Datei gibt nicht an, wie die Tonspur zu dekodieren ist",
  track_no_place: "HLS kann {codec} nicht unverändert übertragen",
  badge_unreadable: "die Datei lässt sich nicht als Film lesen",
  badge_fills_screen: "er füllt den Bildschirm schon aus (TARGET_HEIGHT)",
  badge_no_model: "auf diesem Computer funktioniert kein Modell",
  held_up_source:
    "Das Lesen des Films hält auf; eine schnellere Festplatte oder ein schnelleres Netz für den Film würde helfen.",
  held_up_decode:
    "Das Dekodieren hält auf; ein schnellerer Prozessor würde helfen, oder ein kleinerer Film.",
  held_up_network:
    "Das Modell hält auf; ein kleineres (MODEL) oder eine Grafikkarte (PROVIDERS) würde helfen.",
  held_up_encode:
    "Das Kodieren hält auf; ein Encoder in Hardware (VIDEO_ENCODER) oder ein kleineres Bild (TARGET_HEIGHT) würde helfen.",
  held_up_disk:
    "Das Schreiben hält auf; eine schnellere Festplatte für den Datenordner würde helfen.",
};
