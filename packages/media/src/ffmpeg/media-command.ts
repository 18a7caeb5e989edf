import { encodeFileName, hasRawBytes } from "@upreel/core/plain";

/**
 * What to start for a tool with these arguments. Node gives arguments as UTF-8: one that names a file
 * by other bytes is written by a shell, which then becomes the tool.
 */
export function mediaCommand(
  tool: string,
  args: readonly string[],
): readonly [file: string, args: string[]] {
  if (!args.some(hasRawBytes)) return [tool, [...args]];
  return ["/bin/sh", ["-c", `exec ${[tool, ...args].map(shellWord).join(" ")}`]];
}

function shellWord(text: string): string {
  if (!hasRawBytes(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const octal = Array.from(
    encodeFileName(text),
    (byte) => `\\${byte.toString(8).padStart(3, "0")}`,
  );
  return `"$(printf '${octal.join("")}')"`;
}
