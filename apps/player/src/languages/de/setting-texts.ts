/** What each setting does, in German. */
export const germanSettingTexts: Readonly<Record<string, string>> = {
  PORT: "Port der Seiten und der API; 0 nimmt irgendeinen freien.",
  HOST: "Netzadresse der Seiten und der API. Voreingestellt: nur dieser Computer. Mit `0.0.0.0` das ganze Netz; dann ist das `API_TOKEN` nötig.",
  DATA_DIR: "Wo fertige Filme, angefangene Arbeit und heruntergeladene Modelle liegen.",
  MEDIA_ROOTS:
    "Deine Filmordner. Nur Filme darin können hochskaliert werden; Verknüpfungen nach außen zählen nicht. `upreel serve <Film>` und `upreel upscale <Film>` nehmen den Ordner dieses Films dazu.",
  PUBLIC_URL:
    "Die Adresse, unter der Player Upreel erreichen, wenn es nicht die des Browsers ist (hinter einem Proxy zum Beispiel).",
  ALLOWED_HOSTS:
    "Weitere Namen, unter denen Upreel geöffnet werden darf, außer `PUBLIC_URL`, IP-Adressen und Namen des lokalen Netzes. Ohne `API_TOKEN` werden alle anderen abgelehnt: Sie könnten zu einer fremden Seite gehören. Verbirgt ein Proxy den Namen, trage ein, was der Browser zeigt: `nas.lan:8080`.",
  API_TOKEN:
    "Passwort für die Seiten und die API (`Authorization: Bearer …` oder `X-Api-Token`). Einen Film über seinen Link abzuspielen, sein Stand und `/health` brauchen keines. Ist `HOST` für andere Computer offen, wird beim ersten Start eines erzeugt, einmal angezeigt und in `DATA_DIR` als `api-token` gespeichert, außer hier steht `none`.",
  TRUSTED_PROXIES:
    "Proxys vor `PROXY_PORT`, deren Kopfzeilen `X-Forwarded-For`, `-Host` und `-Proto` an Jellyfin weitergegeben werden. Die von allen anderen werden ersetzt.",
  JELLYFIN_URL: "Adresse deines Jellyfin-Servers, wie dieser Computer ihn erreicht.",
  JELLYFIN_API_KEY:
    "Damit findet Upreel Dateien in Jellyfin, sieht, wer was abspielt, schaltet Player auf den hochskalierten Film um und zeigt Plakate. Für Webhooks nötig.",
  JELLYFIN_USER:
    "Wer auf Upreels eigenen Seiten Filme schaut: Sie laufen dort weiter, wo dieser Benutzer in Jellyfin aufgehört hat, wenn das später war. Ohne Angabe gilt der einzige Benutzer von Jellyfin; hat es mehrere, gilt keiner. Nur Browser mit dem API-Token erfahren davon (ohne `API_TOKEN` nur dieser Computer).",
  PATH_MAP:
    "Wo Jellyfins Ordner auf diesem Computer liegen, wenn sie hier anders heißen: `/media=/mnt/media;D:\\Filme=/filme`. Die längste Übereinstimmung gilt. Was gelesen werden darf, bestimmt weiterhin `MEDIA_ROOTS`. Auf einem Computer, der einem Gateway hilft: wo dessen Filmordner hier liegen.",
  STRM_DIR:
    "Wohin für jeden hochskalierten Film eine `.strm`-Datei kommt, damit er in Jellyfin erscheint. `source`: neben den Film, als weitere Version davon mit gemeinsamem Gesehen-Status. Ein eigener Ordner (wenn die Filmordner nur lesbar sind): In Jellyfin als Filmbibliothek namens Upscaled hinzufügen. Braucht `PUBLIC_URL`.",
  NEXT_EPISODES:
    "Wie viele der nächsten Folgen hochskaliert werden, sobald die laufende fertig ist.",
  LIBRARY_RULES:
    "Welche Filme im Voraus hochskaliert werden, nachts: `library=Alte Filme, below=720, unwatched; next; favourites`. Ohne Regeln keine.",
  LIBRARY_HOURS:
    "Wann Filme aus `LIBRARY_RULES` hochskaliert werden; `00:00-24:00` bedeutet immer.",
  LIBRARY_ITEMS: "Wie viele Filme aus `LIBRARY_RULES` in einer Nacht begonnen werden.",
  LIBRARY_MIN_FREE_GB:
    "Ist in `DATA_DIR` weniger Platz frei, wird kein weiterer Film aus `LIBRARY_RULES` begonnen.",
  ON_PLAY:
    "Was geschieht, wenn jemand in Jellyfin einen Film abspielt. Die erste passende Regel gilt: `off` nichts; `offer` skaliert nur hoch, wenn der Zuschauer es will; `ask` skaliert hoch und meldet, wenn er angesehen werden kann; `automatic` (voreingestellt) schaltet auch den Player um. Beispiel: `user=kinder:off; client=Jellyfin Roku:ask; automatic`",
  FILM_RULES:
    "Andere Einstellungen für die Filme mancher Nutzer, Bibliotheken oder Clients von Jellyfin. Die erste passende Regel gilt; ein Film, der auf zwei Arten gebraucht wird, wird zweimal hochskaliert. Beispiel: `user=kinder: model=fast, target_height=720; library=Anime: content=animation`",
  PROXY_PORT:
    "Mit `JELLYFIN_URL`: der Port, an dem es Jellyfin mit hochskalierten Filmen gibt; öffne ihn statt Jellyfins eigenem. 0 nimmt irgendeinen freien.",
  PROXY_HOST:
    "Netzadresse von `PROXY_PORT`. Voreingestellt erreicht ihn das ganze Netz, wie Jellyfin selbst; Upreels eigene Seiten gibt es dort nicht.",
  START:
    "Wie ein Film über `PROXY_PORT` beginnt. Die erste passende Regel gilt: `upscaled` wartet bis zu drei Sekunden auf die ersten hochskalierten Bilder; `original` beginnt mit dem Original und schaltet um, wenn genug hochskaliert ist (braucht `JELLYFIN_API_KEY`). Ohne Regel beginnt er hochskaliert, wenn frühere Starts schnell genug waren (1,5 s). Beispiel: `client=Jellyfin Roku:original; upscaled`",
  PREPARE:
    "Skaliert die ersten Sekunden eines Films hoch, sobald seine Seite in Jellyfin geöffnet wird (über `PROXY_PORT`), und die der nächsten Folge gegen Ende einer Folge. Wird der Film nicht abgespielt, werden sie nach einer Minute gelöscht.",
  WEB_SCRIPT:
    "Ergänzt den Player auf Jellyfins Webseite um eine Schaltfläche und ein Fenster von Upreel (über `PROXY_PORT`).",
  AI_SERVICE_PORT:
    "Der Port, an dem Upreel dem Upscaler-Plugin von Jellyfin anstelle von dessen Python-Dienst antwortet. Aus, solange nichts gesetzt ist.",
  AI_SERVICE_HOST:
    "Netzadresse von `AI_SERVICE_PORT`; `0.0.0.0`, wenn Jellyfin auf einem anderen Computer läuft.",
  AI_SERVICE_TOKEN:
    "Passwort von `AI_SERVICE_PORT`: die Einstellung des Plugins für das API-Token (`X-Api-Token`). Ohne wird dort nichts hochskaliert; `none` lässt alle herein, die den Port erreichen.",
  TRANSCODE_PORT:
    "Der Port, an dem Upreel Programmen antwortet, die Filme auf einem anderen Computer transkodieren lassen (`POST /transcode`). Aus, solange nichts gesetzt ist.",
  TRANSCODE_HOST:
    "Netzadresse von `TRANSCODE_PORT`; `0.0.0.0` für Programme auf anderen Computern.",
  TRANSCODE_TOKEN:
    "Passwort von `TRANSCODE_PORT`, bei jedem Aufruf als `X-API-Key`. Ohne Passwort werden alle Aufrufe abgelehnt; `none` lässt alle herein, die den Port erreichen.",
  MODEL:
    "Das Modell, das hochskaliert. `auto` nimmt das beste, das auf diesem Computer schnell genug ist; `fastest` bis `best` nehmen eines der mitgelieferten, egal wie schnell es ist.",
  SHARPNESS:
    "Wie scharf `MODEL=auto` Filme macht. 0 bleibt am nächsten beim Original; höhere Werte schärfen Kanten und mindern Unschärfe. Verwendet wird der nächste Wert aus 0, 0,35, 0,5 und 0,7. Filme, die nicht genau verdoppelt werden, und solche mit alten Codecs (DVD, DivX) haben nur zwei Stufen: „Treu“ und „Scharf“.",
  CONTENT:
    "Art des Films für `MODEL=auto`. Mit `auto` sieht sich Upreel einige Bilder an, aber nur, wenn es ein Modell für Zeichentrick oder Realfilme gibt. `POST /upscale-trigger` kann es für einen Film festlegen (`content`).",
  MODEL_FOR_ANIMATION:
    "Das Modell, das `MODEL=auto` für Zeichentrick vorzieht. Voreingestellt: ein installiertes öffentliches dafür, wenn es schnell genug ist.",
  MODEL_FOR_FILM:
    "Das Modell, das `MODEL=auto` für Realfilme vorzieht. Voreingestellt: ein installiertes öffentliches dafür, wenn es schnell genug ist.",
  FACES:
    "Restauriert Gesichter in hochskalierten Filmen; dafür braucht es zwei weitere Modelle (`upreel faces download`, 340 MB). Ohne GPU dauert das Sekunden pro Bild: Gesichter werden dann nur in Teilen restauriert, auf die niemand wartet. `POST /upscale-trigger` kann es für einen Film festlegen (`faces`, `face_strength`).",
  FACE_STRENGTH:
    "Wie stark Gesichter restauriert werden: 0 behält das ursprüngliche Gesicht, 1 zeigt das restaurierte.",
  PROVIDERS:
    "Worauf Modelle laufen: auf dem Prozessor (`cpu`) oder einer GPU. `auto` misst alles, was hier funktioniert, und nimmt das Schnellste. Eine Liste legt stattdessen die Reihenfolge fest: Das Erste, das funktioniert, wird genommen. Funktioniert nichts und steht `cpu` nicht darin, werden Filme nur vergrößert.",
  TILE_MEMORY:
    "Arbeitsspeicher, den ein Thread für ein Bild verwenden darf; größere Bilder werden in Kacheln hochskaliert.",
  KEEP_UP:
    "Kommt das Hochskalieren nicht mit, während jemand zusieht, übernimmt ein schnelleres Modell, und zuletzt einfaches Vergrößern.",
  LADDER:
    "Bietet jeden Film auch hochskaliert mit niedrigerer Bitrate an, und ohne Hochskalieren in der Größe der Quelle und kleiner (`master.m3u8`), für langsame Verbindungen: Player wechseln von selbst dorthin und zurück. Ein einzelner Player bekommt es mit `?ladder=on`.",
  RATE: "Die höchste Bitrate, die Playern angeboten wird (`master.m3u8`). Die erste passende Regel gilt: `user=kinder:2M; remote:8M; 40M` sind 2 Mbit/s für einen Nutzer von Jellyfin, 8 für andere, die nicht in einem Netz zu Hause sind, und 40 für alle übrigen. Auch `network=203.0.113.0/24` und `client=VLC` sind Regeln. Braucht der hochskalierte Film mehr, wird er mit niedrigerer Bitrate oder ohne Hochskalieren angeboten, wie mit `LADDER`.",
  SCALE:
    "Um wie viel breiter und höher das Bild wird. `auto` nimmt das kleinere von ×1,5 und ×2 (oder was dein eigenes Modell hat), das den Bildschirm füllt (`TARGET_HEIGHT`), und macht es nie größer; ×3 oder ×4, wo das den Bildschirm genau füllt und dieser Computer es mit demselben Netz live schafft. Filme, die ihn schon füllen, bleiben, wie sie sind.",
  TARGET_HEIGHT:
    "Die Bildschirmhöhe, auf die `SCALE=auto` zielt, bei 16:9. `auto` sind 1080 Zeilen, oder 2160, wenn eine GPU das live schafft. Mit 720 wird ein Film mit 360 Zeilen verdoppelt.",
  QUALITY:
    "Bildqualität beim Kodieren: Kleinere Werte sehen besser aus und brauchen mehr Platz (CRF von x264 und x265, CQ von NVENC).",
  VIDEO_ENCODER:
    "Video-Encoder. `auto` nimmt einen für H.264 in Hardware, der hier funktioniert, sonst libx264. HEVC (`libx265`, `hevc_nvenc`) läuft nicht auf Apple-Geräten und nicht in Chrome.",
  MAX_OUTPUT_HEIGHT:
    "Größte Höhe eines hochskalierten Bildes (Breite bei hochkant aufgenommenen Filmen). Filme, die sie schon haben, werden nicht hochskaliert.",
  MAX_QUEUED:
    "Wie viele Filme warten oder in Arbeit sein dürfen; weitere werden abgelehnt (503 `queue_full`).",
  PLANS_AT_A_TIME:
    "Wie viele Filme gleichzeitig untersucht werden, bevor sie hochskaliert werden; jeder braucht zwei oder drei Prozesse.",
  GROWTH_TIMEOUT:
    "Einem Film, der noch aufgenommen oder heruntergeladen wird, wird gefolgt; er gilt als vollständig, wenn er so lange nicht mehr gewachsen ist.",
  FARM_URL:
    "Ein Valkey- oder Redis-Server (ab 7, `maxmemory-policy noeviction`), der Exporte, Downloads und Filme für Plugins in seinen Warteschlangen hält, mit Benutzer und Passwort, wo er sie braucht: `rediss://user:password@host:6379`. Ohne ihn hält Upreel sie selbst und braucht keinen Server.",
  GATEWAY_URL:
    "Mit `FARM_URL`: die Adresse, unter der die anderen Gateways mit demselben `DATA_DIR` dieses erreichen, zum Beispiel `http://gateway-1:5000`; für jedes eine andere. Damit können mehrere Gateways einen Datenordner teilen. Ohne muss dieses das einzige sein.",
  IN_USE_LOAD:
    "Auf einem Computer, der einem Gateway hilft und dabei niemanden stören soll (`--while-in-use off`): der Anteil des Prozessors, den andere Programme brauchen müssen, damit er als benutzt gilt.",
  FARM: "Wer hochskaliert, wenn andere Computer mithelfen: dieser Computer und die anderen (`on`) oder nur die anderen (`only`). Bei `only` warten Filme, solange keiner von ihnen verbunden ist, und Jellyfin spielt das Original.",
  MAX_STREAMS:
    "Wie viele Filme gleichzeitig hochskaliert werden. Zuerst kommen die, die jemand ansieht, dann nächste Folgen, dann alles andere.",
  REMAKE:
    "Musste beim Ansehen ein schnelleres Modell einspringen, werden diese Teile danach in voller Qualität neu gemacht. Mit `MODEL=auto` heißt das: mit dem besten Modell, das für einen Film von zwei Stunden höchstens acht Stunden braucht.",
  ON_STOP:
    "Was geschieht, wenn der letzte Zuschauer geht: Der Film wird im Hintergrund fertiggestellt, angehalten oder abgebrochen.",
  THREADS: "Threads für einen Film; 0 bedeutet einen mehr als Kerne.",
  HLS_SEGMENT_TIME: "Länge eines Stücks (Segments), das Player laden, gerundet auf ganze Bilder.",
  HLS_LIST_SIZE: "Wie viele Segmente die Live-Playlist aufführt.",
  MODELS_DIR:
    "Ordner für eigene Modelle: Lege `name.onnx` hinein, und es wird das Modell `name`. Voreingestellt: `models` in `DATA_DIR`.",
  DISK_HIGH:
    "Ist die Festplatte von `DATA_DIR` voller, werden nur noch Filme hochskaliert, die jemand ansieht, und angefangene Arbeit, die `RETENTION_HOURS` lang nicht gebraucht wurde, wird gelöscht, die älteste zuerst. Eine Größe zählt höchstens als ein Zehntel der Festplatte.",
  DISK_LOW:
    "Ist wieder so viel Platz frei, geht alles weiter. Eine Größe zählt höchstens als ein Fünftel der Festplatte.",
  RETENTION_HOURS:
    "Filme, die in dieser Zeit gestartet oder abgespielt wurden, werden nie gelöscht, um Platz zu schaffen.",
  ARCHIVE_QUOTA:
    "Brauchen alle hochskalierten Filme zusammen mehr Platz, wird der am längsten nicht gebrauchte gelöscht. Geschützte bleiben. Ohne diesen Wert bleiben alle.",
  EXPORT:
    "Schreibt jeden hochskalierten Film auch in eine Datei mit allen Tonspuren, Untertiteln und Kapiteln des Originals (und der Dateien daneben), ohne neu zu kodieren.",
  EXPORT_DIR:
    "Wohin diese Dateien kommen; `source`: neben das Original, benannt als weitere Version davon (`Film (2020) - Upscaled 1440p.mkv`). Voreingestellt: `exported` in `DATA_DIR`.",
  MODELS_QUOTA:
    "Wie viel Platz der Ordner der Modelle einnehmen darf: eigene, heruntergeladene, und was aus ihnen gemacht wird.",
  FFMPEG: "Das ffmpeg, das verwendet wird: ein Name im PATH oder ein absoluter Pfad.",
  FFPROBE: "Das ffprobe, das verwendet wird: ein Name im PATH oder ein absoluter Pfad.",
  SCANS:
    "Lässt Plugins jeden Film untersuchen, der angesehen oder hochskaliert wird, wenn der Computer sonst nichts zu tun hat: Das mitgelieferte findet Intro und Abspann, die Player dann überspringen können.",
  LOG_LEVEL: "Wie viel aufgezeichnet wird; `debug` zeigt auch, woher ein Fehler kam.",
};

/** Longer phrases before those that are part of them. */
export const germanExpected: readonly (readonly [string, string])[] = [
  ["at least 8 characters, or none", "mindestens 8 Zeichen, oder none"],
  ["absolute folders separated by :", "absolute Ordnerpfade, getrennt durch :"],
  ["redis://…, or rediss://… with TLS", "redis://…, oder rediss://… mit TLS"],
  ["a folder without % in its name", "ein Ordner ohne % im Namen"],
  ["a folder, or source", "ein Ordner, oder source"],
  ["source, or a folder of its own", "source, oder ein eigener Ordner"],
  ["several separated by ;", "mehrere getrennt durch ;"],
  ["/jellyfin/folder=/folder/here", "/ordner/in/jellyfin=/ordner/hier"],
  ["addresses or networks", "Adressen oder Netze"],
  ["host names, with or without a port,", "Rechnernamen, mit oder ohne Port,"],
  ["a host name or an IP address", "ein Rechnername oder eine IP-Adresse"],
  ["an http:// or https:// URL without query", "eine Adresse mit http:// oder https://, ohne ?"],
  ["the name of a user of Jellyfin", "der Name eines Benutzers von Jellyfin"],
  ["a key from Jellyfin's Dashboard, API Keys", "ein API-Schlüssel aus Jellyfins Übersicht"],
  ["a model id", "die Kennung eines Modells"],
  ["(see upreel models)", "(upreel models zeigt sie)"],
  ["the name or path of a program", "Name oder Pfad eines Programms"],
  ["a whole number from", "eine ganze Zahl von"],
  ["a number of hours, 0 or more", "eine Anzahl Stunden, mindestens 0"],
  ["a number from", "eine Zahl von"],
  [
    "a share used, for example 95%, or a space left free, for example 2GB",
    "ein belegter Anteil, zum Beispiel 95%, oder freier Platz, zum Beispiel 2GB",
  ],
  [
    "a share used, for example 90%, or a space left free, for example 5GB",
    "ein belegter Anteil, zum Beispiel 90%, oder freier Platz, zum Beispiel 5GB",
  ],
  ["a size, for example", "eine Größe, zum Beispiel"],
  ["a folder", "ein Ordner"],
  ["local time", "Ortszeit"],
  ["rules separated by ;", "Regeln, getrennt durch ;"],
  ["alone or after", "allein oder nach"],
  ["each one of", "jede eines von"],
  ["each some of", "jede einige von"],
  ["each of", "jede aus"],
  ["some of", "einige von"],
  ["one of", "eines von"],
  ["separated by commas", "getrennt durch Kommas"],
  ["separated by ,", "getrennt durch ,"],
  ["on or off", "on oder off"],
  ["on or only", "on oder only"],
  ["film or animation", "film oder animation"],
  ["mkv or mp4", "mkv oder mp4"],
  ["or 1.5", "oder 1.5"],
  [", or ", ", oder "],
  [" or ", " oder "],
  ["(seconds)", "(Sekunden)"],
  ["(lines)", "(Zeilen)"],
  ["(pixels)", "(Pixel)"],
  ["(faithful)", "(originalgetreu)"],
  ["(crisp)", "(scharf)"],
  ["(best)", "(am besten)"],
  [" to ", " bis "],
];
