import type {
  FileIdentity,
  MadeArchive,
  ModelChoice,
  Priority,
  Reason,
  RunEnd,
  RunSummary,
  UpreelError,
} from "@upreel/core";
import type { Need } from "../need.ts";
import type { Ladder, Plan, WorkerProgress } from "../ports.ts";

/** What happens to a stream. */
export type StateEvent = Wish | Answer | RunEvent;

/** From people, players and the places for work. */
export type Wish =
  /** `order` is its turn among others. */
  | { readonly kind: "started"; readonly order: number; readonly broadcastStartedAtMs: number }
  /** All its work is to end. */
  | { readonly kind: "stopped" }
  /** After `stopped`. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "paused"; readonly isPaused: boolean }
  /** Somebody may play it, from there on. */
  | { readonly kind: "prepared"; readonly fromSeconds: number }
  | { readonly kind: "played"; readonly broadcastStartedAtMs: number }
  | { readonly kind: "broadcast-began"; readonly atMs: number }
  | { readonly kind: "pinned"; readonly isPinned: boolean }
  /** What is made from now on is to be made so; nothing in it: as its profile says. */
  | { readonly kind: "model-chosen"; readonly choice: ModelChoice }
  | { readonly kind: "priority-raised"; readonly priority: Priority }
  /** Nobody watches any more. */
  | { readonly kind: "demoted" }
  | { readonly kind: "asked"; readonly segment: number }
  /** Somebody is about to watch. */
  | { readonly kind: "viewer-expected" }
  /** Somebody told where he is. */
  | { readonly kind: "reported" }
  /** Time has passed. */
  | { readonly kind: "looked" }
  /** Runs other than these stop. */
  | { readonly kind: "places-kept"; readonly runs: ReadonlySet<string | undefined> }
  /** With an id for each run that it begins. */
  | { readonly kind: "places-given"; readonly given: readonly Given[] }
  /** It waits in vain. */
  | { readonly kind: "run-unneeded"; readonly run: string };

export interface Given {
  readonly need: Need;
  readonly runId: string;
}

/** What came of an effect, of the same life. */
export type Answer = { readonly life: number } & (
  | { readonly kind: "file-seen"; readonly file: FileIdentity }
  /** `file`: as it was when it was planned; undefined: the record has the plan already. */
  | {
      readonly kind: "planned";
      readonly plan: Plan;
      readonly file: FileIdentity | undefined;
      readonly fingerprint?: string | undefined;
    }
  | { readonly kind: "plan-failed"; readonly error: UpreelError }
  /** By all of the film; undefined: it cannot be read to its end. */
  | { readonly kind: "reviewed"; readonly plan: Plan; readonly whole: Plan | undefined }
  /** What may make it by this choice. */
  | {
      readonly kind: "laddered";
      readonly ladder: Ladder;
      readonly choice: ModelChoice | undefined;
    }
  /** The file that was planned as `said` got longer. */
  | {
      readonly kind: "regrown";
      readonly said: Plan;
      readonly found: Plan;
      readonly file: FileIdentity;
      readonly fingerprint: string | undefined;
    }
  /** The film that is being written is longer, or whole. */
  | {
      readonly kind: "grown";
      readonly plan: Plan;
      readonly file: FileIdentity;
      readonly fingerprint?: string | undefined;
    }
  /** `lacks`: compared with its source. */
  | { readonly kind: "archived"; readonly archive: MadeArchive; readonly lacks: Reason | undefined }
  | { readonly kind: "committed"; readonly what: Committed }
  /** The record of how it rests was saved, or could not be. */
  | { readonly kind: "rested"; readonly state: "failed" | "cancelled" }
  | { readonly kind: "failed"; readonly error: UpreelError }
);

/** What is on the disk now, and may be gone by. */
export type Committed =
  | { readonly kind: "plan" | "new-plan"; readonly plan: Plan }
  | { readonly kind: "cut" }
  | { readonly kind: "archive"; readonly path: string };

/** Of a run, by its id. */
export type RunEvent = { readonly run: string } & (
  | { readonly kind: "run-working" }
  | { readonly kind: "run-progress"; readonly progress: WorkerProgress }
  | { readonly kind: "segment-published"; readonly segment: number }
  /** No process works for it any more. */
  | { readonly kind: "run-stopped"; readonly end: RunEnd }
  /** And all it made is published. */
  | { readonly kind: "run-ended"; readonly end: RunEnd; readonly summary: RunSummary }
);
