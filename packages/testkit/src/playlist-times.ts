/** From one version to the next. */
export interface PlaylistStep {
  readonly fromMs: number;
  readonly toMs: number;
  readonly targetMs: number;
  readonly isEnded: boolean;
  /** The new version lists more than the old one. */
  readonly hasNext: boolean;
  /** When the first of these could be had, as far as it was told by now; undefined: always. */
  readonly nextMs: () => number | undefined;
}

/**
 * When a version was due. Where films are made slower than they play, nobody can keep the rule: late
 * is who had a segment to list.
 */
function dueMs({ fromMs, targetMs, hasNext, nextMs }: PlaylistStep): number {
  if (!hasNext) return Infinity;
  return Math.max(fromMs + 1.5 * targetMs, (nextMs() ?? 0) + targetMs / 2);
}

/** How much later and earlier than R8 allows a version may be seen. */
export interface TimeTolerance {
  readonly lateMs?: number;
  readonly earlyMs?: number;
}

/** Timers of a busy machine are late; nothing makes them early but the steps of a file's clock. */
const LATE_MS = 300;
const EARLY_TOLERANCE_MS = 20;

/** R8, looked at in the end: what excuses a late list may be told after it was seen. */
export class PlaylistTimes {
  readonly #lateMs: number;
  readonly #earlyMs: number;
  readonly #steps: PlaylistStep[] = [];
  readonly #absences: { readonly fromMs: number; readonly toMs: number }[] = [];

  constructor({ lateMs = LATE_MS, earlyMs = EARLY_TOLERANCE_MS }: TimeTolerance) {
    this.#lateMs = lateMs;
    this.#earlyMs = earlyMs;
  }

  noteStep(step: PlaylistStep): void {
    this.#steps.push(step);
  }

  noteAbsence(fromMs: number, toMs: number): void {
    this.#absences.push({ fromMs, toMs });
  }

  problems(): string[] {
    return this.#steps.flatMap((step) => {
      const { fromMs, toMs, targetMs, isEnded } = step;
      const afterMs = Math.round(toMs - fromMs);
      // That no more will come may be said at any time.
      if (afterMs < targetMs / 2 - this.#earlyMs && !isEnded) {
        return [`R8: a new version after ${afterMs} ms, target ${targetMs} ms`];
      }
      const lateMs = Math.round(toMs - dueMs(step) - this.#absentMs(fromMs, toMs));
      if (lateMs <= this.#lateMs) return [];
      const at = new Date(toMs).toISOString();
      return [`R8: a new version ${lateMs} ms late, after ${afterMs} ms, at ${at}`];
    });
  }

  #absentMs(fromMs: number, toMs: number): number {
    return this.#absences
      .map((absence) => Math.min(absence.toMs, toMs) - Math.max(absence.fromMs, fromMs))
      .reduce((sum, ms) => sum + Math.max(0, ms), 0);
  }
}
