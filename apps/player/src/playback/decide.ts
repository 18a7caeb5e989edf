import type { StreamState } from "@upreel/core";
import { safeLeadSeconds } from "@upreel/core/plain";
import { secondsAhead, type Range } from "./ranges.ts";

const PICTURE_KINDS = ["original", "upscaled"] as const;
/** Which of the two films is seen. */
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** How a viewer wants to come to the upscaled film; by hand is one of the pictures itself. */
export const WISHES = ["auto", "ask", ...PICTURE_KINDS] as const;
export type Wish = (typeof WISHES)[number];

/** What is known at one moment. */
export interface Situation {
  readonly wish: Wish;
  readonly showing: PictureKind;
  readonly hasOriginal: boolean;
  readonly positionSeconds: number;
  readonly durationSeconds: number;
  readonly state: StreamState;
  /** Film seconds made in a second. */
  readonly speed: number;
  readonly ready: readonly Range[];
  /** How long the shown picture has stood still for want of data. */
  readonly stalledSeconds: number;
  readonly upscaledFailed: boolean;
  /** Times that the upscaled film was left since the page came. */
  readonly fallbacks: number;
  readonly sinceFallbackSeconds: number;
}

export type Decision = "stay" | "to_upscaled" | "offer_upscaled" | "to_original";

const PATIENCE_SECONDS = 1.5;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 120;

/** What the player should do now; the only place that knows. */
export function decide(s: Situation): Decision {
  if (s.showing === "upscaled") {
    // By hand: who chose it sees it made, however long it takes.
    const maySwitch = s.hasOriginal && (s.wish !== "upscaled" || s.upscaledFailed);
    if (s.wish === "original" && s.hasOriginal) return "to_original";
    const isLost = s.upscaledFailed || s.stalledSeconds > PATIENCE_SECONDS;
    return maySwitch && isLost ? "to_original" : "stay";
  }
  if (s.wish === "original" || s.upscaledFailed) return "stay";
  if (s.wish === "upscaled") return "to_upscaled";
  const isTooSoon = s.fallbacks > 0 && s.sinceFallbackSeconds < retrySeconds(s.fallbacks);
  if (isTooSoon || secondsAhead(s.ready, s.positionSeconds) < neededLead(s)) return "stay";
  return s.wish === "auto" ? "to_upscaled" : "offer_upscaled";
}

/** Seconds that must be ready ahead; twice as much after each fallback. */
export function neededLead(
  s: Pick<Situation, "state" | "speed" | "positionSeconds" | "durationSeconds" | "fallbacks">,
): number {
  const left = Math.max(0, s.durationSeconds - s.positionSeconds);
  // What is there of a paused one is worth watching: its pause is somebody's wish, not slowness.
  const speed = s.state === "running" ? s.speed : s.state === "paused" ? 1 : 0;
  const wanted = safeLeadSeconds(left, speed, 2 ** Math.min(s.fallbacks, 4));
  // Ends are rounded to milliseconds.
  return Math.min(wanted, Math.max(0, left - 0.05));
}

const retrySeconds = (fallbacks: number): number =>
  Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (fallbacks - 1));
