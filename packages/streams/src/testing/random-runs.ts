import { expect } from "vitest";
import type { Effect } from "../life/effects.ts";
import type { State } from "../life/state.ts";
import { RandomRungs } from "./random-rungs.ts";

type RunEffect = Extract<
  Effect,
  { kind: "start-run" | "cancel-run" | "set-rung" | "park-run" | "resume-run" | "finish-run" }
>;

/** For tests alone: the runs that a stream has ordered, and whether its orders make sense. */
export class RandomRuns {
  readonly going = new Map<string, "going" | "stopped" | "finishing">();
  readonly #rungs = new Map<string, RandomRungs>();
  readonly #begun = new Set<string>();
  readonly #cancelled = new Set<string>();

  take(effect: RunEffect, state: State): void {
    switch (effect.kind) {
      case "start-run":
        expect(this.#begun.has(effect.order.runId)).toBe(false);
        this.#begun.add(effect.order.runId);
        this.going.set(effect.order.runId, "going");
        this.#rungs.set(effect.order.runId, new RandomRungs(effect.order));
        return;
      case "cancel-run":
        this.#cancelled.add(effect.run);
        expect(this.going.has(effect.run)).toBe(true);
        return;
      case "set-rung":
        // Nobody else hears it.
        expect(state.runs.get(effect.run)?.phase).toBe("working");
        this.#rungs.get(effect.run)?.ask(effect.rung);
        return;
      case "park-run":
      case "resume-run":
        expect(this.going.has(effect.run)).toBe(true);
        return;
      case "finish-run":
        expect(this.going.get(effect.run)).toBe("stopped");
        this.going.set(effect.run, "finishing");
    }
  }

  /** What its worker says of rungs. */
  rungsOf(run: string): RandomRungs | undefined {
    return this.#rungs.get(run);
  }

  requireAllCancelled(): void {
    for (const [run, at] of this.going) {
      if (at === "going") expect(this.#cancelled.has(run), "a run goes on").toBe(true);
    }
  }

  /** What the stream knows of its runs is what is there, and no two make the same. */
  requireSense({ phase, runs, commits }: State): void {
    expect([...runs.keys()].sort()).toEqual([...this.going.keys()].sort());
    expect(commits).toBeGreaterThanOrEqual(0);
    if (phase.kind === "resting") expect(runs.size).toBe(0);
    const making = [...runs.values()].filter((run) => run.phase !== "ending");
    for (const a of making) {
      const other = making.find(
        (b) => b !== a && b.kind === a.kind && b.next < a.to && a.next < b.to,
      );
      expect(other, "two runs make the same").toBeUndefined();
    }
  }
}
