import type { Output, RunEnd, RunOrder, Rung, RungName } from "@upreel/core";
import type { InVain } from "../in-vain.ts";
import type { LiveRun } from "../need.ts";
import type { Plan } from "../ports.ts";
import type { Answer, Committed } from "./events.ts";

/** What is to be done for a stream. Those with a `life` answer by an event of it. */
export type Effect =
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly details?: object | undefined;
    }
  /** Saves the record in the background; a failure is logged, and it answers all the same. */
  | { readonly kind: "save"; readonly answer?: Answer | undefined }
  /**
   * Deletes what is not part of the film any more, saves the record as it is when its turn comes, and sets
   * the timeline that was saved, in this order; commits follow each other. Answers `committed` or `failed`.
   */
  | {
      readonly kind: "commit";
      readonly life: number;
      readonly what: Committed;
      readonly discardFrom?: number | undefined;
      readonly setsTimeline?: boolean | undefined;
    }
  | { readonly kind: "plan"; readonly life: number }
  /** Plans by all of the film what was planned by its first part. */
  | { readonly kind: "review"; readonly life: number; readonly plan: Plan }
  /** Finds what may make it after a choice. */
  | { readonly kind: "ladder"; readonly life: number; readonly plan: Plan }
  /** Plans anew what got longer. */
  | { readonly kind: "regrow"; readonly life: number; readonly plan: Plan }
  /** Follows a film that is being written. */
  | { readonly kind: "follow"; readonly life: number; readonly plan: Plan }
  | { readonly kind: "archive"; readonly life: number }
  /** Ends these six; they may still answer. */
  | { readonly kind: "abort-jobs" }
  | { readonly kind: "start-run"; readonly order: RunOrder; readonly as: LiveRun["kind"] }
  | { readonly kind: "park-run" | "resume-run" | "cancel-run"; readonly run: string }
  /** Another rung makes its segments from that one on, or as soon as it is loaded. */
  | {
      readonly kind: "set-rung";
      readonly run: string;
      readonly rung: RungName;
      readonly fromSegment: number;
    }
  /** Others make its segments from that one on. */
  | { readonly kind: "cut-run"; readonly run: string; readonly segment: number }
  /** Publishes what a run has made. */
  | { readonly kind: "finish-run"; readonly run: string; readonly end: RunEnd }
  | { readonly kind: "end-broadcast" }
  | {
      readonly kind: "note-speed";
      readonly rung: Rung;
      readonly output: Output;
      readonly fps: number;
    }
  /** Pictures that others make, too, or will. */
  | { readonly kind: "note-in-vain"; readonly frames: InVain }
  | Notice;

/** Whoever listens is told once, when all that follows from an event is done. */
export interface Notice {
  /** Needs may have changed, a viewer is expected and nothing else changed, or there is something to tell. */
  readonly kind: "need-places" | "want-place" | "tell";
}
