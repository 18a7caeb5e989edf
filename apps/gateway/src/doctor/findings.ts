import {
  FINDING_TEXTS,
  toUpreelError,
  withValues,
  type Finding,
  type FindingCode,
  type FindingValues,
} from "@upreel/core";

/** `what` was looked at, and `code` found, with `values` in the places of its text. */
export function finding(
  verdict: Finding["verdict"],
  what: string,
  code: FindingCode,
  values: FindingValues = {},
): Finding {
  const text: { readonly message: string; readonly fix?: string } = FINDING_TEXTS[code];
  const message = withValues(text.message, values);
  const fix = text.fix === undefined ? {} : { fix: withValues(text.fix, values) };
  return { what, verdict, message, ...fix, code, values: { ...values } };
}

type Found = (what: string, code: FindingCode, values?: FindingValues) => Finding;

export const good: Found = (...found) => finding("good", ...found);
export const note: Found = (...found) => finding("note", ...found);
export const warning: Found = (...found) => finding("warning", ...found);
export const bad: Found = (...found) => finding("bad", ...found);

/** An error as the end of a sentence. */
export function sentence(thrown: unknown): string {
  const { message, got } = toUpreelError(thrown);
  return got === undefined ? message : `${message} (${got})`;
}
