import { toUpreelError } from "../errors.ts";
import type { Reason } from "./stream.ts";

/** What a thrown thing says to people and over process borders: code, message, expected, got. */
export function toReason(thrown: unknown): Reason {
  const error = toUpreelError(thrown);
  return {
    code: error.code,
    message: error.message,
    ...(error.expected === undefined ? {} : { expected: error.expected }),
    ...(error.got === undefined ? {} : { got: error.got }),
  };
}
