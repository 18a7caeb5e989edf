import { toReason, type UpreelError } from "@upreel/core";
import { forgetRuns } from "../lessons-so-far.ts";
import type { Wish } from "./events.ts";
import { begunRecord, lastingReason, withReason } from "./record.ts";
import { replanWithoutRuns } from "./replan.ts";
import { endAllRuns } from "./runs.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { activePhase, inOrder, stay, withStep, type Part, type Seen, type Step } from "./step.ts";

/** Its next life begins; one that works goes on as it is. */
export function start(
  state: State,
  { order, broadcastStartedAtMs }: Extract<Wish, { kind: "started" }>,
): Step {
  const { phase, runs } = state;
  if (runs.size > 0 || (phase.kind === "working" && !phase.isStopping)) return stay(state);
  const record = begunRecord(state.record, broadcastStartedAtMs);
  return stay(
    {
      ...state,
      ...{ life: state.life + 1, commits: 0, record, lessons: forgetRuns(state.lessons) },
      phase: {
        ...{ kind: "working", step: { at: "unplanned" }, order },
        ...{ isPaused: false, isStopping: false },
      },
    },
    ...(record === state.record ? [] : [{ kind: "save" } as const]),
    { kind: "tell" },
  );
}

/** All work is to end; what comes of it meanwhile is kept. */
export function stop(state: State): Step {
  const { phase } = state;
  if (phase.kind !== "working" || phase.isStopping) return stay(state);
  const stopping = { ...state, phase: { ...phase, isStopping: true } };
  return inOrder(stopping, (all) => stay(all, { kind: "abort-jobs" }), endAllRuns);
}

/** After `stop`. */
export function cancel(state: State): Step {
  const { phase, life } = state;
  if (phase.kind === "working" && !phase.isStopping) return stay(state);
  const record = withReason({ ...state.record, state: "cancelled" }, lastingReason(state.record));
  return stay(
    { ...state, record },
    {
      ...{ kind: "save", answer: { kind: "rested", life, state: "cancelled" } },
    },
  );
}

export function pause(state: State, isPaused: boolean, seen: Seen): Step {
  const { phase } = state;
  if (phase.kind !== "working" || phase.isPaused === isPaused) return stay(state);
  // A restart of the gateway does not go on with it either.
  const record = { ...state.record, state: isPaused ? "paused" : "idle" } as const;
  return inOrder(
    { ...state, phase: { ...phase, isPaused }, record },
    (paused) => stay(paused, { kind: "save" }),
    settle(seen),
  );
}

/** The stream gives up; what its runs have made is published first. */
export const fail =
  (error: UpreelError, seen: Seen): Part =>
  (state) => {
    if (activePhase(state) === undefined) return stay(state);
    const { title, id } = state.record;
    const message = `${title}: ${error.message}`;
    return inOrder(
      withStep(state, { at: "failing", reason: toReason(error) }),
      (failing) =>
        stay(
          failing,
          { kind: "log", level: "error", message, details: { error, stream: id } },
          { kind: "abort-jobs" },
        ),
      endAllRuns,
      giveUpWithoutRuns,
      settle(seen),
    );
  };

const giveUpWithoutRuns: Part = (state) => {
  const { phase, runs, life } = state;
  if (phase.kind !== "working" || phase.step.at !== "failing" || runs.size > 0) return stay(state);
  const record = withReason({ ...state.record, state: "failed" }, phase.step.reason);
  return stay(
    { ...state, record },
    {
      ...{ kind: "save", answer: { kind: "rested", life, state: "failed" } },
    },
  );
};

/** A run is over: whoever waits for the last one to be goes on. */
export const goOnWithoutRuns =
  (seen: Seen): Part =>
  (state) => {
    const { phase } = state;
    if (phase.kind !== "working") return stay(state);
    if (phase.step.at === "failing") return giveUpWithoutRuns(state);
    if (phase.isStopping) return stay(state);
    return inOrder(state, replanWithoutRuns, settle(seen));
  };

/** How it rests is on the disk. */
export function rest(state: State, how: "failed" | "cancelled", seen: Seen): Step {
  const phase = { kind: "resting", state: how } as const;
  if (how === "cancelled") return inOrder({ ...state, phase }, settle(seen));
  return inOrder({ ...state, phase, failedAtMs: seen.nowMs }, settle(seen), (failed) =>
    stay(failed, { kind: "end-broadcast" }),
  );
}
