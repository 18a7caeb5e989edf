import type { FileIdentity, Timeline } from "@upreel/core";
import type { Plan, ProveFilm } from "../ports.ts";
import { TIMELINE } from "./films.ts";

/** What a test may change: called before a run starts or a film is planned, the plan's timeline, and the proof. */
export interface Hooks {
  beforeStart: (signal: AbortSignal) => Promise<void>;
  beforePlan: (signal: AbortSignal) => Promise<void>;
  /** Whether a run begins at once, in a worker that waits for it. */
  isReady: boolean;
  /** What lies where a film was. */
  lookAgain: (file: FileIdentity) => Promise<FileIdentity>;
  /** Gives a digest of what lies there. */
  tryToRead: () => Promise<string>;
  timeline: Timeline;
  /** Of a film that is being written: what is certain by now. */
  grownTimeline: () => Promise<Timeline>;
  /** What else of the plan is not as usual. */
  plan: Partial<Plan>;
  /** What all of a film says whose `timeline` is provisional. */
  wholeTimeline: (signal: AbortSignal) => Promise<Timeline>;
  /** What else of its plan is another one then. */
  wholePlan: Partial<Plan>;
  /** What finished films lack. */
  prove: ProveFilm;
}

/** A film that is whole and well. */
export const usualHooks = (): Hooks => ({
  beforeStart: () => Promise.resolve(),
  beforePlan: () => Promise.resolve(),
  isReady: true,
  lookAgain: (file) => Promise.resolve(file),
  tryToRead: () => Promise.resolve("its beginning"),
  timeline: TIMELINE,
  grownTimeline: () => Promise.resolve(TIMELINE),
  plan: {},
  wholeTimeline: () => Promise.resolve(TIMELINE),
  wholePlan: {},
  prove: () => Promise.resolve(undefined),
});
