import type { Film } from "@upreel/core";
import { explainReason } from "../../api/gateway.ts";
import { percent, sentence, span } from "../../format.ts";
import { strings } from "../../strings.ts";
import { toldText } from "../../told-text.ts";

interface BadgeText {
  readonly text: string;
  readonly tone: "live" | "warning" | "bad" | "plain";
  /** What stands behind the text. */
  readonly hint: string | undefined;
}

/** A film's badge in plain words; undefined while nothing is known. */
export function badgeText(badge: Film["badge"]): BadgeText | undefined {
  const { kind, seconds, ratio } = badge;
  const names = strings.films.badges;
  const hint = hintOf(badge);
  switch (kind) {
    case "ready":
      return { text: names.ready, tone: "live", hint };
    case "live":
      return { text: names.live, tone: "live", hint };
    case "enlarged":
      return { text: strings.enlarged, tone: "plain", hint: strings.enlargedHint };
    case "improving":
    case "finishing":
    case "following":
      return { text: strings[kind], tone: "live", hint: strings[`${kind}Hint`] };
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

/** Why it is so, in the language of the page. */
function hintOf({ reason, reason_told, reason_code }: Film["badge"]): string | undefined {
  if (reason === null) return undefined;
  if (reason_told !== null) return sentence(toldText([reason_told], reason));
  return reason_code === null
    ? sentence(reason)
    : explainReason({ code: reason_code, message: reason }).sentence;
}
