/**
 * Names of files are bytes; those that are not UTF-8 (from old disks and cameras) must be told in JSON
 * and URLs, too. Their bytes 0x80 to 0xFF become U+EF80 to U+EFFF, private characters that no name has:
 * one that has them has its own bytes told so, so that both ways are exact.
 */
const ESCAPED = /[\uEF80-\uEFFF]/;
const ESCAPED_RUNS = /([\uEF80-\uEFFF]+)/;
const FIRST_ESCAPE = 0xef00;

/** What a file is called on disk, as text. */
export function decodeFileName(bytes: Uint8Array): string {
  const whole = decodeUtf8(bytes);
  if (whole !== undefined && !ESCAPED.test(whole)) return whole;
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const character = decodeUtf8(bytes.subarray(at, at + length));
    if (character === undefined || ESCAPED.test(character)) {
      name += String.fromCharCode(FIRST_ESCAPE + (bytes[at] ?? 0));
      at += 1;
    } else {
      name += character;
      at += length;
    }
  }
  return name;
}

/** Whether the name on disk is not UTF-8, so that only its bytes open the file. */
export const hasRawBytes = (name: string): boolean => ESCAPED.test(name);

/** The bytes of a name that `decodeFileName` gave. */
export function encodeFileName(name: string): Uint8Array {
  const parts = name
    .split(ESCAPED_RUNS)
    .map((part) =>
      ESCAPED.test(part)
        ? Uint8Array.from(part, (escape) => escape.charCodeAt(0) - FIRST_ESCAPE)
        : new TextEncoder().encode(part),
    );
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const PERCENT_RUNS = /((?:%[0-9a-f]{2})+)/i;

/** A name as URLs and forms carry it: its bytes as `%E9`, which need not be UTF-8. */
export const decodePercentName = (text: string): string =>
  text
    .split(PERCENT_RUNS)
    .map((part) =>
      PERCENT_RUNS.test(part)
        ? decodeFileName(
            Uint8Array.from(part.match(/[0-9a-f]{2}/gi) ?? [], (hex) => parseInt(hex, 16)),
          )
        : part,
    )
    .join("");

/** The name for people: what cannot be read is a question mark in a diamond. */
export const showFileName = (name: string): string =>
  name
    .split(ESCAPED_RUNS)
    .map((part) => (ESCAPED.test(part) ? "\uFFFD" : part))
    .join("");

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Of a UTF-8 sequence that begins so; a byte that begins none stands alone. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
