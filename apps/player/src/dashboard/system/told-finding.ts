import type { Finding } from "@upreel/core";
import { strings } from "../../strings.ts";
import { filledIn } from "../../told-text.ts";

/** What the doctor found and what helps, in the language of the page; in English where that has no words for it. */
export function toldFinding({ code, values, message, fix }: Finding): {
  readonly message: string;
  readonly fix: string | undefined;
} {
  const own = strings.system.findings[code];
  if (own === undefined) return { message, fix };
  return {
    message: filledIn(own.message, values),
    fix: fix === undefined ? undefined : filledIn(own.fix ?? fix, values),
  };
}
