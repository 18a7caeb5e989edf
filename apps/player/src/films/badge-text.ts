import type { Film } from "@upreel/core";
import { percent, span } from "../format.ts";
import { strings } from "../strings.ts";

interface BadgeText {
  readonly text: string;
  readonly tone: "live" | "warning" | "bad" | "plain";
  /** What stands behind the text. */
  readonly hint: string | undefined;
}

/** A film's badge in plain words; undefined while nothing is known. */
export function badgeText({ kind, seconds, ratio, reason }: Film["badge"]): BadgeText | undefined {
  const names = strings.films.badges;
  const hint = reason ?? undefined;
  switch (kind) {
    case "ready":
      return { text: names.ready, tone: "live", hint };
    case "live":
      return { text: names.live, tone: "live", hint };
    case "upscaling":
      return { text: names.upscaling(percent(ratio)), tone: "live", hint };
    case "waiting":
      return { text: names.waiting, tone: "plain", hint };
    case "paused":
      return { text: names.paused(percent(ratio)), tone: "warning", hint };
    case "later":
      return {
        text: seconds === null ? names.tooSlow : names.later(span(seconds)),
        tone: "warning",
        hint: names.laterHint,
      };
    case "original":
      return { text: names.original, tone: "plain", hint };
    case "failed":
      return { text: names.failed, tone: "bad", hint };
    case "unknown":
      return undefined;
  }
}
