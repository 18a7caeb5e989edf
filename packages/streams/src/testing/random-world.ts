import { UpreelError, segmentCount, type RunEnd } from "@upreel/core";
import { makeRandom } from "@upreel/testkit";
import { expect } from "vitest";
import type { Effect } from "../life/effects.ts";
import type { Answer, StateEvent } from "../life/events.ts";
import { reduce } from "../life/reduce.ts";
import type { State } from "../life/state.ts";
import type { Seen } from "../life/step.ts";
import { needsOfStream } from "../life/stream-needs.ts";
import type { Plan } from "../ports.ts";
import type { ViewerPosition } from "../viewers.ts";
import { TIMELINE, timelineOf } from "./films.ts";
import { ALL, NEW, PLAN, REASON } from "./lives.ts";

type Pending = Extract<Effect, { life: number }> | { kind: "answer"; answer: Answer };

/** A world that does what a stream decides, in any order, and what it decided meanwhile. */
export class RandomWorld {
  readonly #random;
  state: State = NEW;
  nowMs = 1_000;
  readonly ready = new Set<number>();
  /** What is under way, each of which will answer. */
  readonly pending: Pending[] = [];
  readonly runs = new Map<string, "going" | "stopped" | "finishing">();
  viewers: readonly ViewerPosition[] = [];
  readonly #begun = new Set<string>();
  #runs = 0;
  readonly #cancelled = new Set<string>();
  readonly seenKinds = new Set<string>();
  isStopping = false;

  constructor(seed: number) {
    this.#random = makeRandom(seed);
  }
  pick<T>(from: readonly T[]): T {
    const found = this.#random.pick(from);
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
  chance = (share: number): boolean => this.#random.next() < share;

  get seen(): Seen {
    return {
      ...{ nowMs: this.nowMs, ready: this.ready, isOnAir: () => false, remakes: true },
      audience: { positions: () => this.viewers, isExpected: () => false, expectedSeconds: 0 },
    };
  }

  send(event: StateEvent): void {
    const before = this.state;
    const copy = this.chance(0.05) ? structuredClone(before) : before;
    const { state, effects } = reduce(before, event, this.seen);
    expect(before, "a state is changed").toEqual(copy);
    const isBegin = event.kind === "started";
    this.state = state;
    this.seenKinds.add(state.phase.kind === "working" ? state.phase.step.at : state.phase.state);
    for (const effect of effects) this.#take(effect, isBegin);
    this.#requireSense();
  }

  #take(effect: Effect, isBegin: boolean): void {
    if (this.isStopping && !isBegin) {
      // Nothing new is begun: what is under way ends.
      expect(["plan", "review", "follow", "archive", "start-run"]).not.toContain(effect.kind);
    }
    switch (effect.kind) {
      case "save":
        if (effect.answer !== undefined)
          this.pending.push({ kind: "answer", answer: effect.answer });
        return;
      case "archive":
        expect(this.pending.filter(({ kind }) => kind === "archive" || kind === "commit")).toEqual(
          [],
        );
        expect(this.runs.size).toBe(0);
        this.pending.push(effect);
        return;
      case "commit":
        this.pending.push(effect);
        return;
      case "plan":
      case "review":
      case "follow":
        expect(this.pending.filter(({ kind }) => kind === effect.kind)).toEqual([]);
        this.pending.push(effect);
        return;
      case "start-run":
        expect(this.#begun.has(effect.order.runId)).toBe(false);
        this.#begun.add(effect.order.runId);
        this.runs.set(effect.order.runId, "going");
        return;
      case "cancel-run":
        this.#cancelled.add(effect.run);
        expect(this.runs.has(effect.run)).toBe(true);
        return;
      case "set-rung":
      case "park-run":
      case "resume-run":
        expect(this.runs.has(effect.run)).toBe(true);
        return;
      case "finish-run":
        expect(this.runs.get(effect.run)).toBe("stopped");
        this.runs.set(effect.run, "finishing");
        return;
      default:
    }
  }

  #requireSense(): void {
    const { phase, runs, commits } = this.state;
    expect([...runs.keys()].sort()).toEqual([...this.runs.keys()].sort());
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

  /** One of the things that are under way comes to its end. */
  answer(): void {
    const work = this.pick(this.pending);
    this.pending.splice(this.pending.indexOf(work), 1);
    this.send(work.kind === "answer" ? work.answer : this.#answerTo(work));
  }

  #answerTo(work: Extract<Effect, { life: number }>): Answer {
    const { life, kind } = work;
    if (this.chance(0.1)) {
      const code = this.pick(["source_unavailable", "decoder_failed", "disk_full"] as const);
      const error = new UpreelError(code, code);
      return kind === "plan"
        ? { kind: "plan-failed", life, error }
        : { kind: "failed", life, error };
    }
    const timeline = this.pick([TIMELINE, timelineOf(12), timelineOf(8)]);
    switch (kind) {
      case "plan": {
        const isProvisional = this.chance(0.3) ? { isProvisional: true } : {};
        const growth = this.chance(0.3) ? ({ growth: "going" } as const) : {};
        const plan: Plan = { ...PLAN, timeline: { ...timeline, ...isProvisional, ...growth } };
        return { kind: "planned", life, plan, file: NEW.record.file };
      }
      case "review": {
        const rate = { num: this.pick([24, 48]), den: 1 };
        const whole = { ...work.plan, timeline: { ...timeline, rate } };
        return { kind: "reviewed", life, plan: work.plan, whole };
      }
      case "follow": {
        const plan: Plan = { ...work.plan, timeline: { ...timelineOf(14), growth: "over" } };
        return { kind: "grown", life, plan, file: NEW.record.file };
      }
      case "archive": {
        const archive = { path: "/film.ts", offsets: undefined, soundless: [] };
        return { kind: "archived", life, archive, lacks: undefined };
      }
      case "commit":
        return this.#commit(work);
    }
  }

  #commit({ life, what, discardFrom }: Extract<Effect, { kind: "commit" }>): Answer {
    const discard = (from: number): void => {
      for (const k of this.ready) if (k >= from) this.ready.delete(k);
    };
    if (discardFrom !== undefined) discard(discardFrom);
    const { timeline } = this.state.record;
    if (timeline !== undefined) discard(segmentCount(timeline));
    return { kind: "committed", life, what };
  }

  /** A worker gets on, or the folder publishes what it wrote. */
  work(): void {
    const run = this.pick([...this.runs.keys()]);
    const at = this.runs.get(run);
    const known = this.state.runs.get(run);
    if (known === undefined) return;
    const { next } = known;
    if (at === "finishing" || (at === "stopped" && this.chance(0.5))) return this.#end(run);
    const begin = (): void => this.send({ kind: "run-working", run });
    const get = (): void => {
      const frames = known.progress.frames + 12;
      this.send({
        kind: "run-progress",
        run,
        progress: { frames, fps: this.pick([0.1, 30]), saved: 0 },
      });
    };
    const publish = (): void => {
      if (next < known.order.toSegment) this.ready.add(next);
      this.send({ kind: "segment-published", run, segment: next });
    };
    const stop = (): void => {
      this.runs.set(run, "stopped");
      this.send({ kind: "run-stopped", run, end: this.#runEnd(known.progress.frames) });
    };
    if (at === "going") this.pick([begin, get, publish, publish, publish, stop])();
    else publish();
  }

  #end(run: string): void {
    const { next = 0, order } = this.state.runs.get(run) ?? {};
    const from = order?.fromSegment ?? 0;
    const published = ALL.filter((k) => k >= from && k < next);
    this.runs.delete(run);
    const end = this.#runEnd(published.length * 12);
    this.send({ kind: "run-ended", run, end, summary: { published, rejected: [] } });
  }

  #runEnd(frames: number): RunEnd {
    const why = this.pick([
      "finished",
      "finished",
      "source_truncated",
      "cancelled",
      "failed",
    ] as const);
    return why === "failed" ? { why, frames, reason: REASON } : { why, frames };
  }

  /** What people, players and the places for work may wish at any time. */
  wish(): void {
    if (this.chance(0.1)) this.#comeAndGo();
    const needs = needsOfStream(this.state, this.seen).filter(() => this.chance(0.7));
    const given = needs.map((need) => ({
      need,
      runId: `r${this.#runs++}`,
    }));
    const [run = "r"] = this.state.runs.keys();
    const life = this.state.life - 1;
    const wishes: StateEvent[] = [
      ...([
        { kind: "places-given", given },
        { kind: "places-given", given: given.slice(0, 1) },
      ] as const),
      { kind: "places-kept", runs: new Set([run]) },
      { kind: "places-kept", runs: new Set() },
      { kind: "run-unneeded", run },
      { kind: "looked" },
      { kind: "reported" },
      { kind: "viewer-expected" },
      { kind: "asked", segment: this.pick(ALL) },
      { kind: "paused", isPaused: this.chance(0.3) },
      { kind: "demoted" },
      // Late, or of nobody.
      { kind: "failed", life, error: new UpreelError("internal", "late") },
      { kind: "planned", life, plan: PLAN, file: undefined },
      { kind: "committed", life, what: { kind: "plan", plan: PLAN } },
      {
        kind: "run-ended",
        run: "nobody",
        end: { why: "finished", frames: 0 },
        summary: { published: [], rejected: [] },
      },
    ];
    this.send(this.pick(wishes));
  }

  #comeAndGo(): void {
    const places = [0, 1.5, 3, 4.5].filter(() => this.chance(0.3));
    this.viewers = places.map((seconds) => ({ seconds, lastAsked: undefined, plays: "stream" }));
  }

  /** As its caller does: what comes after a stop comes when all has ended. */
  stopAnd(next: "started" | "cancelled"): void {
    this.isStopping = true;
    this.send({ kind: "stopped" });
    for (const [run, at] of this.runs) {
      if (at === "going") expect(this.#cancelled.has(run), "a run goes on").toBe(true);
    }
    this.settle();
    this.isStopping = false;
    if (next === "cancelled") this.send({ kind: "cancelled" });
    else this.send({ kind: "started", order: 1, broadcastStartedAtMs: this.nowMs });
    if (next === "cancelled") this.settle();
  }

  settle(): void {
    for (let n = 0; this.pending.length > 0 || this.runs.size > 0; n++) {
      expect(n, "it never settles").toBeLessThan(500);
      if (this.pending.length > 0 && (this.runs.size === 0 || this.chance(0.5))) this.answer();
      else this.work();
    }
  }

  step(): void {
    this.nowMs += this.pick([0, 20, 1_000, 20_000]);
    const roll = this.chance(0.4);
    if (this.state.phase.kind === "resting" && this.chance(0.3)) return this.stopAnd("started");
    if (this.chance(0.01)) return this.stopAnd(this.pick(["started", "cancelled"]));
    if (roll && this.pending.length > 0) return this.answer();
    if (this.runs.size > 0 && this.chance(0.6)) return this.work();
    this.wish();
  }
}
