const LONGEST_LINE = 500;

/** Keeps the last `lines` lines of a text that arrives in pieces; `onLine` is told of each. */
export function lineTail(
  lines: number,
  onLine: (line: string) => void = () => {},
): { add: (piece: string) => void; text: () => string } {
  let kept: string[] = [];
  let open = "";
  return {
    add(piece) {
      const parts = (open + piece).split(/[\r\n]+/).map((part) => part.slice(0, LONGEST_LINE));
      open = parts.pop() ?? "";
      for (const line of parts) if (line !== "") onLine(line);
      kept = [...kept, ...parts].filter((line) => line !== "").slice(-lines);
    },
    text: () =>
      [...kept, open]
        .filter((line) => line !== "")
        .slice(-lines)
        .join("\n"),
  };
}
