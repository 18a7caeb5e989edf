import { toUpreelError, type Finding } from "@upreel/core";

export const good = (what: string, message: string): Finding => ({
  what,
  verdict: "good",
  message,
});
export const note = (what: string, message: string): Finding => ({
  what,
  verdict: "note",
  message,
});
export const warning = (what: string, message: string, fix: string): Finding => ({
  what,
  verdict: "warning",
  message,
  fix,
});
export const bad = (what: string, message: string, fix: string): Finding => ({
  what,
  verdict: "bad",
  message,
  fix,
});

/** An error as the end of a sentence. */
export function sentence(thrown: unknown): string {
  const { message, got } = toUpreelError(thrown);
  return got === undefined ? message : `${message} (${got})`;
}
