import { segmentCount } from "@upreel/core";
import { expect } from "vitest";
import type { Effect } from "../life/effects.ts";
import type { Answer, StateEvent } from "../life/events.ts";
import { reduce } from "../life/reduce.ts";
import type { State } from "../life/state.ts";
import type { Seen } from "../life/step.ts";
import { needsOfStream } from "../life/stream-needs.ts";
import type { ViewerPosition } from "../viewers.ts";
import { ALL, NEW } from "./lives.ts";
import { Dice, answerTo, runEnd, type Work } from "./random-answers.ts";
import { RandomRuns } from "./random-runs.ts";
import { randomWish } from "./random-wishes.ts";

type Pending = Work | { readonly kind: "answer"; readonly answer: Answer };

/** A world that does what a stream decides, in any order, and what it decided meanwhile. */
export class RandomWorld {
  readonly #dice: Dice;
  state: State = NEW;
  nowMs = 1_000;
  readonly ready = new Set<number>();
  /** What is under way, each of which will answer. */
  readonly pending: Pending[] = [];
  readonly #runs = new RandomRuns();
  viewers: readonly ViewerPosition[] = [];
  #given = 0;
  readonly seenKinds = new Set<string>();
  isStopping = false;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
  }

  get seen(): Seen {
    return {
      ...{ nowMs: this.nowMs, ready: this.ready, isOnAir: () => false, remakes: true },
      audience: { positions: () => this.viewers, isExpected: () => false, expectedSeconds: 0 },
    };
  }

  /** What becomes of those that were ordered. */
  get runs(): RandomRuns["going"] {
    return this.#runs.going;
  }

  send(event: StateEvent): void {
    const before = this.state;
    const copy = this.#dice.chance(0.05) ? structuredClone(before) : before;
    const { state, effects } = reduce(before, event, this.seen);
    expect(before, "a state is changed").toEqual(copy);
    const isBegin = event.kind === "started";
    this.state = state;
    this.seenKinds.add(state.phase.kind === "working" ? state.phase.step.at : state.phase.state);
    for (const effect of effects) this.#take(effect, isBegin);
    this.#runs.requireSense(state);
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
      // Who chooses again does not wait for what comes of the choice before.
      case "ladder":
        this.pending.push(effect);
        return;
      case "plan":
      case "review":
      case "follow":
        expect(this.pending.filter(({ kind }) => kind === effect.kind)).toEqual([]);
        this.pending.push(effect);
        return;
      case "set-rung":
        this.seenKinds.add("set-rung");
        return this.#runs.take(effect, this.state);
      case "start-run":
      case "cancel-run":
      case "park-run":
      case "resume-run":
      case "finish-run":
        return this.#runs.take(effect, this.state);
      default:
    }
  }

  /** One of the things that are under way comes to its end. */
  answer(): void {
    const work = this.#dice.pick(this.pending);
    this.pending.splice(this.pending.indexOf(work), 1);
    if (work.kind === "answer") return this.send(work.answer);
    const answer = answerTo(work, this.#dice, this.state.record.choice);
    if (work.kind === "commit" && answer.kind === "committed") this.#discard(work);
    this.send(answer);
  }

  /** What the disk has, or has not any more. */
  #discard({ discardFrom = Infinity }: Extract<Effect, { kind: "commit" }>): void {
    const { timeline } = this.state.record;
    const end = timeline === undefined ? Infinity : segmentCount(timeline);
    for (const k of this.ready) if (k >= Math.min(discardFrom, end)) this.ready.delete(k);
  }

  /** A worker gets on, or the folder publishes what it wrote. */
  work(): void {
    const run = this.#dice.pick([...this.runs.keys()]);
    const at = this.runs.get(run);
    const known = this.state.runs.get(run);
    if (known === undefined) return;
    const { next } = known;
    if (at === "finishing" || (at === "stopped" && this.#dice.chance(0.5))) return this.#end(run);
    const begin = (): void => this.send({ kind: "run-working", run });
    const get = (): void => {
      const frames = known.progress.frames + 12;
      const made = { frames, fps: this.#dice.pick([0.1, 30]), saved: 0 };
      const progress = { ...made, ...this.#runs.rungsOf(run)?.progress(next, this.#dice) };
      this.send({ kind: "run-progress", run, progress });
    };
    const publish = (): void => {
      if (next < known.order.toSegment) this.ready.add(next);
      this.send({ kind: "segment-published", run, segment: next });
    };
    const stop = (): void => {
      this.runs.set(run, "stopped");
      this.send({ kind: "run-stopped", run, end: runEnd(known.progress.frames, this.#dice) });
    };
    // Mostly it works, at a speed that is known and may call for another rung.
    if (at === "going") this.#dice.pick([begin, get, get, get, get, publish, publish, stop])();
    else publish();
  }

  #end(run: string): void {
    const { next = 0, order } = this.state.runs.get(run) ?? {};
    const from = order?.fromSegment ?? 0;
    const published = ALL.filter((k) => k >= from && k < next);
    this.runs.delete(run);
    const end = runEnd(published.length * 12, this.#dice);
    this.send({ kind: "run-ended", run, end, summary: { published, rejected: [] } });
  }

  wish(): void {
    if (this.#dice.chance(0.3)) this.#comeAndGo();
    const needs = needsOfStream(this.state, this.seen).filter(() => this.#dice.chance(0.7));
    const given = needs.map((need) => ({ need, runId: `r${this.#given++}` }));
    this.send(randomWish(this.state, given, this.#dice));
  }

  #comeAndGo(): void {
    const places = [0, 1.5, 3, 4.5].filter(() => this.#dice.chance(0.4));
    this.viewers = places.map((seconds) => ({
      ...{ seconds, lastAsked: undefined },
      ...{ plays: "stream", isPaused: false },
    }));
  }

  /** As its caller does: what comes after a stop comes when all has ended. */
  stopAnd(next: "started" | "cancelled"): void {
    this.isStopping = true;
    this.send({ kind: "stopped" });
    this.#runs.requireAllCancelled();
    this.settle();
    this.isStopping = false;
    if (next === "cancelled") this.send({ kind: "cancelled" });
    else this.send({ kind: "started", order: 1, broadcastStartedAtMs: this.nowMs });
    if (next === "cancelled") this.settle();
  }

  settle(): void {
    for (let n = 0; this.pending.length > 0 || this.runs.size > 0; n++) {
      expect(n, "it never settles").toBeLessThan(500);
      if (this.pending.length > 0 && (this.runs.size === 0 || this.#dice.chance(0.5)))
        this.answer();
      else this.work();
    }
  }

  step(): void {
    this.nowMs += this.#dice.pick([0, 20, 1_000, 20_000]);
    const roll = this.#dice.chance(0.4);
    if (this.state.phase.kind === "resting" && this.#dice.chance(0.3))
      return this.stopAnd("started");
    if (this.#dice.chance(0.01)) return this.stopAnd(this.#dice.pick(["started", "cancelled"]));
    if (roll && this.pending.length > 0) return this.answer();
    if (this.runs.size > 0 && this.#dice.chance(0.6)) return this.work();
    this.wish();
  }
}
