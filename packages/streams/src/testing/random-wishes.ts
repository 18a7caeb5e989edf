import { UpreelError } from "@upreel/core";
import type { Given, StateEvent } from "../life/events.ts";
import type { State } from "../life/state.ts";
import { ALL, PLAN } from "./lives.ts";
import type { Dice } from "./random-answers.ts";

/** For tests alone: what people, players and the places for work may wish at any time, and what comes too late. */
export function randomWish({ runs, life }: State, given: readonly Given[], dice: Dice): StateEvent {
  const [run = "r"] = runs.keys();
  const before = life - 1;
  return dice.pick<StateEvent>([
    { kind: "places-given", given },
    { kind: "places-given", given: given.slice(0, 1) },
    { kind: "places-kept", runs: new Set([run]) },
    { kind: "places-kept", runs: new Set() },
    { kind: "run-unneeded", run },
    { kind: "looked" },
    { kind: "reported" },
    { kind: "viewer-expected" },
    { kind: "asked", segment: dice.pick(ALL) },
    { kind: "paused", isPaused: dice.chance(0.3) },
    { kind: "demoted" },
    { kind: "model-chosen", choice: { model: dice.pick(["auto", "best"]) } },
    // Late, or of nobody.
    { kind: "failed", life: before, error: new UpreelError("internal", "late") },
    { kind: "planned", life: before, plan: PLAN, file: undefined },
    { kind: "committed", life: before, what: { kind: "plan", plan: PLAN } },
    {
      kind: "run-ended",
      run: "nobody",
      end: { why: "finished", frames: 0 },
      summary: { published: [], rejected: [] },
    },
  ]);
}
