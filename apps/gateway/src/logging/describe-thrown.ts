import { UpreelError } from "@upreel/core";

const MAX_CAUSES = 5;

/** What a log needs of an error: code, expected, got and the chain of causes in one line; the stack when asked. */
export function describeThrown(thrown: Error, withStack: boolean): string {
  const parts: string[] = [];
  let link: unknown = thrown;
  for (let depth = 0; link !== undefined && depth < MAX_CAUSES; depth += 1) {
    parts.push(describeOne(link));
    link = link instanceof Error ? link.cause : undefined;
  }
  const line = parts.join(" ← ");
  return withStack && thrown.stack !== undefined ? `${line}\n${thrown.stack}` : line;
}

function describeOne(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (!(thrown instanceof UpreelError)) return `${thrown.name}: ${thrown.message}`;
  const { code, message, expected, got } = thrown;
  const details = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(got === undefined ? [] : [`got ${got}`]),
  ];
  return `${code}: ${[message, ...details].join("; ")}`;
}
