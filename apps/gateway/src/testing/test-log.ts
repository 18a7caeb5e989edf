import type { Log } from "@upreel/core";

/** A log that keeps what is told and what fails, and nothing else. */
export function createTestLog() {
  const [errors, told]: [string[], string[]] = [[], []];
  const ignore = (): void => undefined;
  const log: Log = {
    debug: ignore,
    info: (text) => void told.push(text),
    warn: ignore,
    error: (text) => void errors.push(text),
  };
  return { log, errors, told };
}
