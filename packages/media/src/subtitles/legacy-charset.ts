/** For each language, by ISO 639-2, the charset that was mostly used before UTF-8, by its WHATWG name. */
const CHARSETS: readonly (readonly [string, string])[] = [
  ["windows-1250", "alb bos cze hrv hun pol rum slo slv"],
  ["windows-1251", "bel bul mac rus srp ukr"],
  ["windows-1253", "gre"],
  ["windows-1254", "tur"],
  ["windows-1255", "heb"],
  ["windows-1256", "ara per"],
  ["windows-1257", "est lav lit"],
  ["windows-1258", "vie"],
  ["windows-874", "tha"],
  ["shift_jis", "jpn"],
  ["euc-kr", "kor"],
  ["gb18030", "chi"],
];

/** The charset of subtitles that are not in UTF-8, by their language; that of Western Europe if the language does not tell. */
export const legacyCharset = (language: string | undefined): string =>
  CHARSETS.find(([, languages]) => languages.split(" ").includes(language ?? ""))?.[0] ??
  "windows-1252";
