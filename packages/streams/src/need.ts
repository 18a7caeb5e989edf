import type { Priority, Timeline } from "@upreel/core";
import type { Gap } from "./gaps.ts";
import type { Pace } from "./reach.ts";
import type { ViewerPosition } from "./viewers.ts";

/** What goes first: what somebody watches, then by the stream's priority; making again comes late, and what nobody plays yet last. */
export const RANK = {
  watched: 0,
  viewer: 1,
  next: 2,
  background: 3,
  remake: 4,
  prepared: 5,
} as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

/** Whether somebody who plays the stream stands still, or soon will. */
export type Waiting = "now" | "soon" | "no";

/** Something that one of the places for work is wanted for. */
export interface Need {
  readonly stream: string;
  readonly kind: "plan" | "make" | "remake";
  /** Segments to be made by a new run; with `run` where that one is. */
  readonly gap: Gap;
  /** The live run that does it; undefined: a new one has to. */
  readonly run: string | undefined;
  /** It is being done now. */
  readonly isAtWork: boolean;
  /** Where that run is, or a new one is to be; absent: on the machine of the streams. */
  readonly machine?: string | undefined;
  readonly rank: Rank;
  /** What the viewer with the least has ready; only of `watched`. */
  readonly leadSeconds: number;
  /** Whether somebody who plays the stream stands still for it, or soon will. */
  readonly waiting: Waiting;
  /** Nobody waits for its first segment: another run makes what comes before. */
  readonly isHelp?: boolean | undefined;
  /** It is made elsewhere, too: whoever is first. */
  readonly isHedge?: boolean | undefined;
  /** Of two that are equal, the smaller one goes first. */
  readonly order: number;
  /** Somebody has put its stream in this place: it also takes the place of what works with a larger order. */
  readonly isByHand?: boolean | undefined;
}

/** A run of the stream, as far as planning goes. */
export interface LiveRun {
  readonly id: string;
  readonly kind: "make" | "remake";
  /** Where it is; absent: on the machine of the streams. */
  readonly machine?: string | undefined;
  /** The next segment that it will have made, and where it ends. */
  readonly next: number;
  readonly to: number;
  readonly pace: Pace;
  /** Seconds until its first picture, as far as is known; absent: it makes pictures, and shows how fast. */
  readonly startSeconds?: number | undefined;
  /** `ending`: it makes nothing more, but what it has made may still be published. */
  readonly phase: "working" | "parked" | "ending";
}

/** Whether a run makes, or goes on to make, what is missing. */
export const isMaking = ({ kind, phase }: LiveRun): boolean =>
  kind === "make" && phase !== "ending";

export interface NeedsView {
  readonly stream: string;
  readonly order: number;
  readonly priority: Priority;
  /** Undefined before the film is planned. */
  readonly timeline: Timeline | undefined;
  readonly isPlanning: boolean;
  readonly ready: ReadonlySet<number>;
  readonly viewers: readonly ViewerPosition[];
  /** Somebody is about to watch, … */
  readonly isViewerExpected: boolean;
  /** … from there on; without it from the start. */
  readonly expectedSeconds?: number | undefined;
  readonly runs: readonly LiveRun[];
  /** Frames a second of a new run, as far as is known; 0: not known. */
  readonly expectedFps: number;
  /** From the order of a run to its first picture, as far as is known. */
  readonly startSeconds: number;
  /** Without a viewer the film is made from here on. */
  readonly wanted: number;
  /** What a better rung may make again now. */
  readonly remakes: Gap | undefined;
  /** Nobody plays it yet: only the first segments from there on, in seconds, are made. */
  readonly preparedFrom: number | undefined;
}
