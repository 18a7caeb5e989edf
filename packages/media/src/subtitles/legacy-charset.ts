/** By ISO 639-2: in which charset text of a language was mostly written before UTF-8, as the WHATWG calls it. */
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

/** The charset of subtitles that are no UTF-8, by their language; that of Western Europe where that says nothing. */
export const legacyCharset = (language: string | undefined): string =>
  CHARSETS.find(([, languages]) => languages.split(" ").includes(language ?? ""))?.[0] ??
  "windows-1252";
