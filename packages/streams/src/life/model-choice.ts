import { isSameRung, profileNow, type ModelChoice } from "@upreel/core";
import { RANK } from "../need.ts";
import { askedLevel, sustainedLevel } from "../levels.ts";
import { levelOf, noRungs, rungAt, rungsAt, withLadder } from "../rungs.ts";
import type { Answer } from "./events.ts";
import { withRecord } from "./record.ts";
import { changeRung } from "./rung-change.ts";
import { rungOf } from "./run-view.ts";
import { endRun, withRun } from "./runs.ts";
import { settle } from "./settle.ts";
import type { RunState, State } from "./state.ts";
import { needsOfStream } from "./stream-needs.ts";
import { activePhase, inOrder, stay, type Part, type Seen, type Step } from "./step.ts";

/** The last one who chooses decides, for all who watch the film; what is made stays. */
export function chooseModel(state: State, choice: ModelChoice): Step {
  const chosen = withRecord(state, { choice });
  const step = activePhase(chosen)?.step;
  const { life } = chosen;
  return stay(
    chosen,
    { kind: "save" },
    // One that is not planned yet gets its ladder when it is.
    ...(step?.at === "making" ? [{ kind: "ladder", life, plan: step.plan } as const] : []),
    { kind: "tell" },
  );
}

/** Runs change to what was chosen at their next segments, or end where their frames are of another form. */
export function goByLadder(
  state: State,
  { ladder, choice }: Extract<Answer, { kind: "laddered" }>,
  seen: Seen,
): Step {
  const { record, rungs: before } = state;
  // Somebody has chosen again meanwhile.
  if (activePhase(state)?.step.at !== "making" || choice !== record.choice) return stay(state);
  const begun = withLadder(noRungs(profileNow(record).model === "auto"), ladder, seen.nowMs);
  const known = ladder.map(({ rung }) => {
    const level = before.ladder.findIndex((each) => isSameRung(each.rung, rung));
    return before.known[level] ?? {};
  });
  const chosen = { ...state, rungs: { ...begun, known } };
  return inOrder(chosen, ...[...chosen.runs.values()].map(goByChoice(seen)), settle(seen));
}

/** How much of a restored face is taken is no part of a rung's name: a run is told of it by its order alone. */
function restoresAsStrongly({ order }: RunState, { rungs: { ladder } }: State): boolean {
  const wanted = ladder.find(({ rung }) => rung.faces !== undefined)?.rung.faces?.strength;
  return [order.rung, ...(order.otherRungs ?? [])].every(
    ({ faces }) => wanted === undefined || faces === undefined || faces.strength === wanted,
  );
}

const goByChoice =
  (seen: Seen) =>
  (run: RunState): Part =>
  (state) => {
    const { runId, machine, fillsHole } = run.order;
    if (fillsHole === true || run.phase === "ending") return stay(state);
    // What it makes again may be good enough now.
    if (run.kind === "remake") return endRun(runId)(state);
    const need = needsOfStream(state, seen).find((each) => each.run === runId);
    const isWatched = need?.rank === RANK.watched || need?.rank === RANK.prepared;
    const rungs = rungsAt(state.rungs, machine);
    const level = isWatched ? sustainedLevel(rungs, seen.nowMs) : askedLevel(rungs, seen.nowMs);
    const rung = rungAt(rungs, level);
    if (rung === undefined) return stay(state);
    if (!restoresAsStrongly(run, state)) return endRun(runId)(state);
    if (levelOf(rungs, rungOf(run)) === level && !run.awaitsRung)
      return stay(withRun(state, { ...run, level, isOpening: false }));
    // Nobody else hears it, and one that is being told is told nothing else.
    const hears = run.phase === "working" && !run.awaitsRung;
    return hears ? changeRung(run, level)(state) : endRun(runId)(state);
  };
