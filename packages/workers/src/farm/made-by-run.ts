import { segmentFrames, type RunOrder } from "@upreel/core";

/** A machine that beats may hang all the same. Its first picture may come late, behind a decoder that reads far over the network. */
const IDLE_MS = 120_000;

export const STANDS_STILL = `it has made nothing for ${IDLE_MS / 1_000} s`;

/** What a run on another machine has made, as that says and as it came. */
export function createMadeByRun({ timeline, fromSegment, toSegment }: RunOrder) {
  const first = segmentFrames(timeline, fromSegment).first;
  const most = segmentFrames(timeline, toSegment - 1).end - first;
  const taken = new Set<number>();
  let frames = 0;
  let idleMs = 0;
  let isWorking = false;

  /** No more than it was to make. */
  function note(said: number): void {
    const now = Math.min(most, Math.max(frames, Math.trunc(said), 0));
    if (now > frames) idleMs = 0;
    frames = now;
  }

  return {
    get frames(): number {
      return frames;
    },
    note,
    /** A segment of it was taken. */
    accepted(segment: number): void {
      taken.add(segment);
      idleMs = 0;
      note(segmentFrames(timeline, segment).end - first);
    },
    hasAllBefore: (segment: number): boolean => taken.size >= segment - fromSegment,
    /** From its first word on, and after a pause. */
    goOn(): void {
      [isWorking, idleMs] = [true, 0];
    },
    pause: (): void => void (isWorking = false),
    /** So much time went by; whether it has worked for too long and made nothing. */
    pass(elapsedMs: number): boolean {
      if (isWorking) idleMs += elapsedMs;
      return idleMs >= IDLE_MS;
    },
  };
}
