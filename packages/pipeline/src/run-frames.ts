import { framesOf, segmentFrames, type ModelSpec, type ResolvedRun } from "@upreel/core";

/** Frames of the film that a run makes. */
export interface FramesOfRun {
  readonly first: number;
  readonly count: number;
}

export function framesOfRun({ timeline, fromSegment, toSegment }: ResolvedRun): FramesOfRun {
  const { first } = segmentFrames(timeline, fromSegment);
  return { first, count: segmentFrames(timeline, toSegment - 1).end - first };
}

/** The network whose frames decoder and encoder of a run are set up for. */
export const frameModelOf = ({ rung, otherRungs = [] }: ResolvedRun): ModelSpec =>
  framesOf([rung, ...otherRungs]);
