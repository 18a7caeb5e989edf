import { StringDecoder } from "node:string_decoder";

/** What may come in one go, and over a while. */
export interface LineBounds {
  /** Characters of one line. */
  readonly longestLine: number;
  /** Characters within `perMs`. */
  readonly mostCharacters: number;
  /** Lines within `perMs`. */
  readonly mostLines: number;
  readonly perMs: number;
}

/** Why somebody who speaks in lines is listened to no longer. */
export type LineFault = "line_too_long" | "flood";

/**
 * Cuts what comes into lines. Given more than the bounds allow it says so once, takes nothing any more and
 * keeps nothing.
 */
export function boundedLines(
  bounds: LineBounds,
  {
    onLine,
    onFault,
    nowMs = () => performance.now(),
  }: {
    readonly onLine: (line: string) => void;
    readonly onFault: (fault: LineFault) => void;
    readonly nowMs?: () => number;
  },
): (chunk: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let partsLength = 0;
  let isOver = false;
  let since = nowMs();
  let characters = 0;
  let lines = 0;

  const fail = (fault: LineFault): void => {
    isOver = true;
    parts = [];
    onFault(fault);
  };
  return (chunk) => {
    if (isOver) return;
    const now = nowMs();
    if (now - since >= bounds.perMs) [since, characters, lines] = [now, 0, 0];
    const text = decoder.write(chunk);
    characters += text.length;
    if (characters > bounds.mostCharacters) return fail("flood");
    const pieces = text.split("\n");
    lines += pieces.length - 1;
    if (lines > bounds.mostLines) return fail("flood");
    for (const [n, piece] of pieces.entries()) {
      // Before each piece but the first there was an end of a line.
      if (n > 0) {
        const line = parts.join("");
        [parts, partsLength] = [[], 0];
        onLine(line);
      }
      parts.push(piece);
      partsLength += piece.length;
      if (partsLength > bounds.longestLine) return fail("line_too_long");
    }
  };
}
