const LONGEST_LINE = 500;

/** Keeps the last `lines` lines of a text that arrives in pieces. */
export function lineTail(lines: number): { add: (piece: string) => void; text: () => string } {
  let kept: string[] = [];
  let open = "";
  return {
    add(piece) {
      const parts = (open + piece).split(/[\r\n]+/);
      open = (parts.pop() ?? "").slice(-LONGEST_LINE);
      kept = [...kept, ...parts.map((part) => part.slice(0, LONGEST_LINE))].slice(-lines);
    },
    text: () =>
      [...kept, open]
        .filter((line) => line !== "")
        .slice(-lines)
        .join("\n"),
  };
}
