import { extname, parse } from "node:path";

/** What the name of a file beside a film says of it. */
export interface SidecarName {
  /** In ISO 639-2 if it is a code that is known, else as it is written in the name. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** By ffmpeg's names. */
  readonly dispositions: readonly string[];
}

/** The extensions that Jellyfin takes; a `.sub` is read with its `.idx`. */
const EXTENSIONS = new Set(
  [
    ...["srt", "ass", "ssa", "vtt", "smi", "sami", "sup", "idx", "mks"],
    ...["mka", "ac3", "eac3", "dts", "dtshd", "thd", "truehd", "flac", "m4a", "mp3", "aac", "ogg"],
    ...["opus", "wav"],
  ].map((name) => `.${name}`),
);

const DISPOSITIONS: Readonly<Record<string, string>> = {
  forced: "forced",
  foreign: "forced",
  default: "default",
  sdh: "hearing_impaired",
  cc: "hearing_impaired",
  hi: "hearing_impaired",
};

/** Codes of ISO 639-1, with the codes of ISO 639-2 that containers hold. */
const THREE_LETTERS = new Map(
  (
    "ar:ara bg:bul ca:cat cs:cze da:dan de:ger el:gre en:eng es:spa et:est eu:baq fa:per fi:fin fr:fre " +
    "gl:glg he:heb hi:hin hr:hrv hu:hun id:ind is:ice it:ita ja:jpn ko:kor lt:lit lv:lav ms:may nl:dut " +
    "no:nor nb:nob pl:pol pt:por ro:rum ru:rus sk:slo sl:slv sr:srp sv:swe th:tha tr:tur uk:ukr vi:vie zh:chi"
  )
    .split(" ")
    .map((pair) => [pair.slice(0, 2), pair.slice(3)] as const),
);

/**
 * Whether the file `name` belongs to the film file `film` in the same folder, and what its name says:
 * the film's name, a dot, then words between dots (`Film.fr.forced.srt`), as Jellyfin reads it.
 */
export function readSidecarName(film: string, name: string): SidecarName | undefined {
  const base = parse(film).name;
  const { name: own, ext } = parse(name);
  if (name === film || !EXTENSIONS.has(ext.toLowerCase())) return undefined;
  if (own !== base && !own.startsWith(`${base}.`)) return undefined;
  // Another film, whose longer name begins with the name of this one.
  if (extname(film).toLowerCase() === ext.toLowerCase()) return undefined;
  const words = own.slice(base.length + 1).split(".");
  // `Film.mkv.srt`: the ending of the film says nothing of the subtitles.
  if (`.${words[0]}`.toLowerCase() === extname(film).toLowerCase()) words.shift();
  let language: string | undefined;
  const dispositions = new Set<string>();
  const rest: string[] = [];
  for (const word of words.filter((each) => each !== "")) {
    const lower = word.toLowerCase();
    const disposition = DISPOSITIONS[lower];
    // `hi` means Hindi, or "hearing impaired" if the language is known already.
    const isLanguage = language === undefined && isLanguageCode(lower);
    if (isLanguage && !(disposition !== undefined && lower !== "hi")) language = asCode(lower);
    else if (disposition !== undefined) dispositions.add(disposition);
    else rest.push(word);
  }
  const title = rest.length === 0 ? undefined : rest.join(".");
  return { language, title, dispositions: [...dispositions] };
}

const asCode = (word: string): string => {
  const [first = word] = word.split("-");
  return THREE_LETTERS.get(first) ?? first;
};

/** Two or three letters that stand for a language, with or without a region. */
function isLanguageCode(word: string): boolean {
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,4})?$/.test(word)) return false;
  const [code = ""] = word.split("-");
  if (THREE_LETTERS.has(code) || [...THREE_LETTERS.values()].includes(code)) return true;
  return (
    new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(code) !== undefined
  );
}
