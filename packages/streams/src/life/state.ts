import { profileNow, type Reason, type RunOrder, type StreamRecord } from "@upreel/core";
import type { LiveRun } from "../need.ts";
import type { Place } from "../places.ts";
import type { Plan, WorkerProgress } from "../ports.ts";
import { NO_LESSONS, type Lessons } from "../lessons-so-far.ts";
import { noRungs, type Rungs } from "../rungs.ts";

/** All that one stream is and does. Never changed, but replaced by `reduce`. */
export interface State {
  /** How often it was started: an answer to an earlier life is ignored. */
  readonly life: number;
  readonly phase: Phase;
  /** What of it is worth keeping over a restart; the disk may be a little behind. */
  readonly record: StreamRecord;
  /** Those that go on, or end just now, by their ids, in the order in which they began. */
  readonly runs: ReadonlyMap<string, RunState>;
  readonly lessons: Lessons;
  readonly rungs: Rungs;
  readonly outage: Outage;
  /** Film seconds a second that each machine made of it last. */
  readonly speedsAt: ReadonlyMap<Place, number>;
  /** Seconds from the order of a run to its first picture, as each machine took last; the one that began last comes last. */
  readonly startsAt: ReadonlyMap<Place, number>;
  /** The segment that was asked for last: without a viewer the film is made from there on. */
  readonly wanted: number;
  /** Set while the stream is only prepared: where playing would begin, in seconds. */
  readonly preparedFrom: number | undefined;
  /** When it failed last; undefined when it has not. */
  readonly failedAtMs: number | undefined;
  /** Changes that are on their way to the disk, and have to be there before the film is archived. */
  readonly commits: number;
}

/** The time in which a stream waits for the disk of its source. */
interface Outage {
  /** Nothing is to be tried sooner. */
  readonly untilMs: number;
  /** How long it waits, a little longer each time; 0: the source can be read. */
  readonly waitMs: number;
  /** What the record said before. */
  readonly before: Reason | undefined;
}

/** What a stream does now. */
type Phase =
  | {
      readonly kind: "resting";
      readonly state: "idle" | "complete" | "failed" | "cancelled" | "paused";
    }
  | Working;

export interface Working {
  readonly kind: "working";
  readonly step: WorkStep;
  readonly isPaused: boolean;
  /** Nothing new is begun: it will rest, or begin anew, when all work has ended. */
  readonly isStopping: boolean;
  /** Its turn among streams that need a place alike. */
  readonly order: number;
}

export type WorkStep =
  | { readonly at: "unplanned" }
  | { readonly at: "planning" }
  /** `plan` is what runs go by. */
  | { readonly at: "making"; readonly plan: Plan }
  /** All of the film said otherwise than its first part: runs leave what differs, from segment `kept` on. */
  | { readonly at: "replanning"; readonly next: Plan; readonly kept: number }
  | { readonly at: "archiving" }
  /** Its runs publish what they have. */
  | { readonly at: "failing"; readonly reason: Reason };

/** One run in a worker, from its order to its last segment. */
export interface RunState {
  readonly order: RunOrder;
  readonly kind: LiveRun["kind"];
  /** Of the ladder: what makes its next segments, once that is loaded. */
  readonly level: number;
  /** It has not left the rung that it began with. */
  readonly isOpening: boolean;
  /** It was told to change its rung, and has not said yet that it did. */
  readonly awaitsRung: boolean;
  /** The next segment that it will have made. */
  readonly next: number;
  /** Segments from `to` on are made by another one. */
  readonly to: number;
  /** `starting`: it waits for a worker. `ending`: it makes nothing more, but may still publish. */
  readonly phase: "starting" | "working" | "parked" | "ending";
  /** It was ended to go on elsewhere or otherwise: neither a failure nor a cancel. */
  readonly isDeliberate: boolean;
  /** Another run makes the same: it is over as soon as that is published, by whichever of the two. */
  readonly isHedge: boolean;
  /** Some of its segments were given to a hedge, too. */
  readonly isHedged: boolean;
  readonly progress: WorkerProgress;
  readonly orderedAtMs: number;
  /** When it began to make frames, or went on with it. */
  readonly makingSinceMs: number | undefined;
  /** The last sign that what is made is published too. */
  readonly lastGood: { readonly next: number; readonly frames: number; readonly atMs: number };
}

/** A stream that rests, as its record says. */
export const restingState = (record: StreamRecord): State => ({
  life: 0,
  phase: { kind: "resting", state: record.state },
  record,
  runs: new Map(),
  lessons: NO_LESSONS,
  rungs: noRungs(profileNow(record).model === "auto"),
  outage: { untilMs: 0, waitMs: 0, before: undefined },
  speedsAt: new Map(),
  startsAt: new Map(),
  wanted: 0,
  preparedFrom: undefined,
  failedAtMs: undefined,
  commits: 0,
});
