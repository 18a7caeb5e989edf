import type { ViewerPosition } from "../viewers.ts";
import type { Effect } from "./effects.ts";
import type { State, Working, WorkStep } from "./state.ts";

/** What a stream looks at beside its state. */
export interface Seen {
  readonly nowMs: number;
  /** Segments that are published. */
  readonly ready: ReadonlySet<number>;
  /** What the live playlist lists. */
  readonly isOnAir: (segment: number) => boolean;
  /** Whether segments of a lower rung are made again. */
  readonly remakes: boolean;
  readonly audience: {
    readonly positions: () => readonly ViewerPosition[];
    readonly isExpected: () => boolean;
    readonly expectedSeconds: number;
  };
}

/** What follows from an event. */
export interface Step {
  readonly state: State;
  /** In order. */
  readonly effects: readonly Effect[];
}

export type Part = (state: State) => Step;

export const stay = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

/** One part after the other, each on what the ones before left. */
export function inOrder(state: State, ...parts: readonly Part[]): Step {
  let step = stay(state);
  for (const part of parts) {
    const next = part(step.state);
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

/** Its phase while something new may be begun; undefined when it rests, fails, or is being stopped. */
export function activePhase({ phase }: State): Working | undefined {
  if (phase.kind !== "working" || phase.isStopping || phase.step.at === "failing") return undefined;
  return phase;
}

export const withStep = (state: State, step: WorkStep): State =>
  state.phase.kind === "working" ? { ...state, phase: { ...state.phase, step } } : state;
