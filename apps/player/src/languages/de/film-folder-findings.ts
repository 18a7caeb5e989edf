/** What the doctor says of folders of films, in German. */
export const germanFilmFolderFindings = {
  films_readable: { message: "{folder} ist lesbar ({count} Filme und Ordner)" },
  films_unreadable: {
    message: "{folder} ist nicht lesbar: {reason}",
    fix: "Prüfe MEDIA_ROOTS und die Rechte des Ordners",
  },
  films_none: {
    message:
      "Es ist kein Filmordner eingestellt (MEDIA_ROOTS): Filme lassen sich nur im Terminal starten",
    fix: "`MEDIA_ROOTS=/pfad/zu/filmen npm start`",
  },
  share_unreadable: {
    message: "Der gemeinsame Ordner {folder} ist nicht lesbar: Filme werden über HTTP gelesen",
    fix: "Hänge ihn ein, oder nimm ihn aus `--path-map` oder `PATH_MAP` heraus",
  },
} as const;
