const MAX_TITLE_BYTES = 100;

/** A title as a file name: no separators or what file systems and shells choke on; never empty. */
export function sanitiseTitle(title: string): string {
  const clean = title
    .normalize("NFC")
    // What Windows shares forbid, controls, and invisible direction marks.
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}\p{Cs}]+/gu, " ")
    .replace(/\s+/gu, " ")
    // Hidden files, and `..`; Windows drops dots and spaces at the end.
    .replace(/^[\s.-]+|[\s.]+$/gu, "");
  const short = cutToBytes(clean, MAX_TITLE_BYTES).replace(/[\s.]+$/u, "");
  return short === "" ? "film" : short;
}

/** At most `bytes` bytes of UTF-8, cut between characters. */
function cutToBytes(text: string, bytes: number): string {
  let length = 0;
  let end = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > bytes) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** `<title>-<short id>.ts`, or with the ending of another format. */
export const archiveFileName = (title: string, id: string, ending = "ts"): string =>
  `${sanitiseTitle(title)}-${id.slice(0, 8)}.${ending}`;
