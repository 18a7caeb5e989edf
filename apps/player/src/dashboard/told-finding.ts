import type { Finding } from "@upreel/core";
import { strings } from "../strings.ts";

/** What the doctor found and what helps, in the language of the page; in English where that has no words for it. */
export function toldFinding({ code, values, message, fix }: Finding): {
  readonly message: string;
  readonly fix: string | undefined;
} {
  const own = strings.system.findings[code];
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
  if (own === undefined) return { message, fix };
  return {
    message: filled(own.message),
    fix: fix === undefined ? undefined : filled(own.fix ?? fix),
  };
}
