import { tell, told, type Film, type Reason, type ToldCode } from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import type { ShelfFacts } from "./shelf-facts.ts";
import type { ShelfStream } from "./film-streams.ts";

export type Badge = Film["badge"];

/** A film of two hours in a night of eight: slower models are not waited for. */
const WORTH_WAITING_SPEED = 0.25;

const NO_REASON = { reason: null, reason_told: null, reason_code: null } as const;
const NOTHING = { seconds: null, ratio: 0, ...NO_REASON } as const;

const because = (code: ToldCode) => ({ reason: tell(told(code)), reason_told: told(code) });
const becauseOf = (reason: Reason | undefined) =>
  reason === undefined ? {} : { reason: reason.message, reason_code: reason.code };

/** What somebody can do with a film now: by its stream where it has one, else by how fast it would be made. */
export function badgeOf(
  facts: ShelfFacts | undefined,
  stream: ShelfStream | undefined,
  ladder: Ladder | undefined,
  isLarge: boolean,
): Badge {
  const made = stream === undefined ? undefined : badgeOfStream(stream);
  if (made !== undefined) return made;
  const ratio = stream?.ratio ?? 0;
  const glance = facts?.glance;
  if (glance === null) return { ...NOTHING, kind: "failed", ...because("badge_unreadable") };
  if (glance === undefined) return { ...NOTHING, ratio, kind: "unknown" };
  if (isLarge) return { ...NOTHING, kind: "original", ...because("badge_fills_screen") };
  const speeds = networkSpeeds(ladder ?? []);
  if (speeds === undefined) return { ...NOTHING, ratio, kind: "unknown" };
  const fastest = Math.max(0, ...speeds);
  if (fastest >= 1) return { ...NOTHING, ratio, kind: "live" };
  if (fastest === 0) return { ...NOTHING, kind: "original", ...because("badge_no_model") };
  const overnight = speeds.find((speed) => speed >= WORTH_WAITING_SPEED) ?? fastest;
  const { durationSeconds } = glance;
  const seconds =
    durationSeconds === null ? null : Math.round((durationSeconds * (1 - ratio)) / overnight);
  return { ...NOTHING, kind: "later", ratio, seconds };
}

function badgeOfStream({
  state,
  ratio,
  etaSeconds: seconds,
  reason,
  isGrowing,
  plain,
}: ShelfStream): Badge | undefined {
  const isMade = ratio >= 1;
  switch (state) {
    case "complete":
      return { ...NOTHING, kind: plain ? "enlarged" : "ready", ratio: 1, ...becauseOf(reason) };
    case "queued":
      return isMade
        ? { ...NOTHING, kind: "improving", ratio }
        : { ...NOTHING, kind: "waiting", seconds: seconds ?? null, ratio };
    case "starting":
    case "running":
      return isMade
        ? { ...NOTHING, kind: madeKind(state, isGrowing), ratio }
        : { ...NOTHING, kind: "upscaling", seconds: seconds ?? null, ratio };
    case "paused":
      return { ...NOTHING, kind: "paused", ratio };
    case "failed":
      // That is no fault of the film's, and another screen may be set meanwhile.
      if (reason?.code === "source_too_large") return undefined;
      return { ...NOTHING, kind: "failed", ratio, ...becauseOf(reason) };
    case "idle":
    case "cancelled":
      return undefined;
  }
}

const madeKind = (state: "starting" | "running", isGrowing: boolean): Badge["kind"] =>
  isGrowing ? "following" : state === "starting" ? "finishing" : "improving";

/** Film seconds a second of each network, best picture first; undefined while none of them is measured. */
function networkSpeeds(ladder: Ladder): readonly number[] | undefined {
  const networks = ladder.filter(({ rung }) => rung.model.kind !== "copy");
  if (ladder.length > 0 && networks.length === 0) return [];
  const speeds = networks.flatMap(({ expectedSpeed }) => expectedSpeed ?? []);
  return speeds.length === 0 ? undefined : speeds;
}
