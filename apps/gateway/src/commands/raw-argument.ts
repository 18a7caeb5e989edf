import { readFileSync } from "node:fs";
import { decodeFileName } from "@upreel/core";

/**
 * An argument of this process with the bytes of a name that is not UTF-8, for which Node has a question
 * mark in a diamond. As it is where the system does not tell (Linux does).
 */
export function rawArgument(argument: string, readCommandLine = ownCommandLine): string {
  if (!argument.includes("\uFFFD")) return argument;
  const line = readCommandLine();
  for (let at = 0; at < line.length;) {
    const end = line.indexOf(0, at);
    const bytes = line.subarray(at, end < 0 ? line.length : end);
    if (bytes.toString("utf8") === argument) return decodeFileName(bytes);
    at += bytes.length + 1;
  }
  return argument;
}

function ownCommandLine(): Buffer {
  try {
    return readFileSync("/proc/self/cmdline");
  } catch {
    return Buffer.alloc(0);
  }
}
