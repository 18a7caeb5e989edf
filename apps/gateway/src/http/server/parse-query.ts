import { parse, type ParsedUrlQuery } from "node:querystring";
import { decodePercentName } from "@upreel/core";

/** The query of a URL; names of files in it need not be UTF-8 (`?path=/films/caf%E9.mkv`). */
export const parseQuery = (query: string | null): ParsedUrlQuery =>
  parse(query ?? "", "&", "=", { decodeURIComponent: decodeText });

function decodeText(text: string): string {
  try {
    // Also of names that Upreel has told: they hold its own characters in place of such bytes.
    return decodeURIComponent(text);
  } catch {
    return decodePercentName(text);
  }
}
