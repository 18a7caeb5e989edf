import { isDeepStrictEqual } from "node:util";
import { nameOfRung, type MadeRange } from "@upreel/core";
import { addMade } from "../made-ranges.ts";
import { RANK } from "../need.ts";
import { nextLevel } from "../next-level.ts";
import { levelOf, rungAt, rungsAt, speedsOf, withoutRung } from "../rungs.ts";
import { withRecord } from "./record.ts";
import { canChangeTo, measuredSpeed, rungOf } from "./run-view.ts";
import { endRun, withRun } from "./runs.ts";
import type { WorkerProgress } from "../ports.ts";
import type { RunState } from "./state.ts";
import { needsOfStream } from "./stream-needs.ts";
import { inOrder, stay, type Part, type Seen } from "./step.ts";

/** At the end of a segment: whether the next ones are made by another rung. */
export const climbOrStepDown =
  (run: RunState, seen: Seen): Part =>
  (state) => {
    const { kind, order, phase } = run;
    // One that starts cannot be told yet: it would be waited for without end.
    if (kind !== "make" || phase !== "working" || order.fillsHole === true) return stay(state);
    // The one before goes on until the next one is loaded.
    if (run.awaitsRung) return stay(state);
    const level = levelOf(state.rungs, rungOf(run)) ?? run.level;
    const need = needsOfStream(state, seen).find((each) => each.run === order.runId);
    // What is prepared is made by what goes on with it when it is played.
    if (need === undefined || need.rank === RANK.prepared) return stay(state);
    const { nowMs } = seen;
    const judged = nextLevel(
      rungsAt(state.rungs, order.machine),
      {
        ...{ level, leadSeconds: need.leadSeconds, hasViewer: need.rank === RANK.watched },
        isWarm: measuredSpeed(run, nowMs) !== undefined,
        isOpening: run.isOpening,
      },
      nowMs,
    );
    const { next } = judged;
    const rungs = rungsAt(judged.rungs, undefined);
    if (next === level) return stay({ ...state, rungs });
    const { title, id } = state.record;
    const why = changeOf(next - level, speedsOf(rungs, nowMs)[level]);
    const message =
      `${title}: ${why}, switching to the ${next > level ? "faster" : "better"} ` +
      `model ${rungAt(rungs, next)?.model.id}`;
    return inOrder(
      { ...state, rungs },
      (changed) => stay(changed, { kind: "log", level: "info", message, details: { stream: id } }),
      changeRung(run, next),
    );
  };

/** Without an end of the run, where its frames let it. */
export const changeRung =
  (run: RunState, level: number): Part =>
  (state) => {
    const { runId } = run.order;
    const rung = rungAt(state.rungs, level);
    if (rung === undefined || !canChangeTo(run, nameOfRung(rung))) return endRun(runId)(state);
    return stay(withRun(state, { ...run, level, isOpening: false, awaitsRung: true }), {
      ...{ kind: "set-rung", run: runId, rung: nameOfRung(rung), fromSegment: run.next },
    });
  };

/** Why another rung takes over, down or up, in words for people. */
const changeOf = (steps: number, speed: number | undefined): string => {
  const figure = speed === undefined ? "" : ` (${speed.toFixed(2)}×)`;
  return steps > 0 ? `too slow${figure}` : `enough is ready${figure}`;
};

/** A quick run may have published segments of its new rung before it told of that; `known` is what it had told. */
export const noteChange =
  (run: RunState, known: WorkerProgress["rungs"] = []): Part =>
  (state) => {
    const told = run.progress.rungs ?? [];
    // The first one is that of its order.
    const firstNew = told.find((each, i) => i > 0 && !isDeepStrictEqual(each, known[i]));
    let { made } = state.record;
    for (let k = firstNew?.fromSegment ?? run.next; k < run.next; k++)
      made = addMadeBy(made, run, k);
    return stay(withRecord(state, { made }));
  };

/** What cannot be loaded is not tried again on that machine; the run goes on as before. */
export const noteRefused =
  (run: RunState, known: number): Part =>
  (state) => {
    const refused = run.progress.refused?.slice(known) ?? [];
    if (refused.length === 0) return stay(state);
    const { title } = state.record;
    const { machine } = run.order;
    const rungs = refused.reduce((left, rung) => withoutRung(left, rung, machine), state.rungs);
    const where = machine === undefined ? "" : ` on ${machine}`;
    return stay(
      { ...state, rungs },
      ...refused.map(({ model, reason }) => ({
        ...{ kind: "log" as const, level: "warn" as const, details: reason },
        message: `${title}: ${model} cannot be used${where}: ${reason.message}`,
      })),
    );
  };

/** `made`, with segment `k` by what makes it. */
export const addMadeBy = (made: readonly MadeRange[], run: RunState, k: number): MadeRange[] => {
  const { model, provider } = rungOf(run, k);
  return addMade(made, k, model.id, provider);
};
