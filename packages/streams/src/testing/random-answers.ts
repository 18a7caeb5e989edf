import {
  PLAIN_SCALER,
  UpreelError,
  type ModelChoice,
  type Reason,
  type RunEnd,
  type Timeline,
} from "@upreel/core";
import { makeRandom } from "@upreel/testkit";
import type { Effect } from "../life/effects.ts";
import type { Answer } from "../life/events.ts";
import type { Plan } from "../ports.ts";
import { NETWORK, TIMELINE, timelineOf } from "./films.ts";
import { NEW, PLAN, REASON } from "./lives.ts";

/** For tests alone: what chance decides, the same for the same seed. */
export class Dice {
  readonly #random;
  constructor(seed: number) {
    this.#random = makeRandom(seed);
  }
  pick<T>(from: readonly T[]): T {
    const found = this.#random.pick(from);
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
  chance = (share: number): boolean => this.#random.next() < share;
}

/** Two networks that one run can change between, and the plain scaler, which it can change to as well. */
const LADDER: Plan["ladder"] = [
  { rung: { model: { ...NETWORK, id: "best" }, provider: "cpu" }, expectedSpeed: 3 },
  { rung: { model: { ...NETWORK, id: "quick" }, provider: "cpu" }, expectedSpeed: 9 },
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 20 },
];

const GROWN: Reason = { code: "source_growing", message: "it got longer" };

/** What a stream is answered, each with the life that it is of. */
export type Work = Extract<Effect, { life: number }>;

export function answerTo(work: Work, dice: Dice, choice: ModelChoice | undefined): Answer {
  const { life, kind } = work;
  if (dice.chance(0.1)) {
    const code = dice.pick(["source_unavailable", "decoder_failed", "disk_full"] as const);
    const error = new UpreelError(code, code);
    return kind === "plan" || kind === "regrow"
      ? { kind: "plan-failed", life, error }
      : { kind: "failed", life, error };
  }
  switch (kind) {
    case "plan": {
      const timeline = dice.pick([TIMELINE, timelineOf(12), timelineOf(8)]);
      const isProvisional = dice.chance(0.3) ? { isProvisional: true } : {};
      const growth = dice.chance(0.3) ? ({ growth: "going" } as const) : {};
      const made: Timeline = { ...timeline, ...isProvisional, ...growth };
      const plan: Plan = { ...PLAN, ladder: LADDER, timeline: made };
      return { kind: "planned", life, plan, file: NEW.record.file };
    }
    case "review": {
      const timeline = dice.pick([TIMELINE, timelineOf(12), timelineOf(8)]);
      const rate = { num: dice.pick([24, 48]), den: 1 };
      const whole = { ...work.plan, timeline: { ...timeline, rate } };
      return { kind: "reviewed", life, plan: work.plan, whole };
    }
    case "regrow": {
      const growth = dice.chance(0.5) ? ({ growth: "going" } as const) : {};
      const timeline: Timeline = { ...dice.pick([timelineOf(12), timelineOf(15)]), ...growth };
      const found: Plan = { ...work.plan, timeline };
      const { file } = NEW.record;
      return { kind: "regrown", life, said: work.plan, found, file, fingerprint: undefined };
    }
    case "follow": {
      const plan: Plan = { ...work.plan, timeline: { ...timelineOf(14), growth: "over" } };
      return { kind: "grown", life, plan, file: NEW.record.file };
    }
    case "ladder":
      return { kind: "laddered", life, ladder: LADDER.slice(dice.chance(0.5) ? 1 : 0), choice };
    case "archive": {
      const archive = { path: "/film.ts", offsets: undefined, soundless: [] };
      return { kind: "archived", life, archive, lacks: undefined };
    }
    case "commit":
      return { kind: "committed", life, what: work.what };
  }
}

export function runEnd(frames: number, dice: Dice): RunEnd {
  const why = dice.pick([
    ...(["finished", "finished", "source_truncated", "cancelled", "failed"] as const),
  ]);
  if (why !== "failed") return { why, frames };
  return { why, frames, reason: dice.chance(0.3) ? GROWN : REASON };
}
