/** Of a packet that a hole follows, in usual ones; the last packet of a film may be a short one. */
const WITH_A_HOLE = 1.8;
/** Of the packet behind it: one that lasts less is cut short. */
const CUT_SHORT = 0.5;
/** Sound within this of where the packet before ends has no gap: ticks of a millisecond, rounded twice. */
const GRID_MICROS = 2_500;
/** A track with more gaps is told apart no further. */
const MAX_GAPS = 1_000;

/** Sound packets do not meet: something is missing (positive), or two overlap (negative). */
export interface SoundGap {
  /** End of the packet before. */
  readonly atMicros: number;
  readonly missingMicros: number;
}

/** What is kept of the gaps of a track. */
export interface SoundGaps {
  readonly gaps: readonly SoundGap[];
  /** Also of those that are not in `gaps`. */
  readonly gapCount: number;
  readonly missingMicros: number;
  /**
   * Packets that last less than half as long as the one behind them. Where all packets hold the same, as those of AAC, this is how
   * MP4 tells that two overlap: there a packet lasts until the next one begins.
   */
  readonly cutShort: number;
}

/** `usualMicros`: the most usual duration of the packets so far. */
export function createSoundGaps(usualMicros: () => number) {
  const gaps: SoundGap[] = [];
  let gapCount = 0;
  let missingMicros = 0;
  let cutShort = 0;
  return {
    /** A packet of `duration` begins at `micros`, after one that tells when it begins and ends. */
    note(
      last: { readonly micros: number; readonly nextMicros: number },
      micros: number,
      duration: number,
    ): void {
      // In MP4 a packet lasts until the next one: one before a hole is twice as long as others, or more.
      const lasted = last.nextMicros - last.micros;
      if (lasted < CUT_SHORT * duration) cutShort += 1;
      const usual = duration > 0 && lasted > WITH_A_HOLE * duration ? usualMicros() : lasted;
      const atMicros = lasted > WITH_A_HOLE * usual ? last.micros + usual : last.nextMicros;
      const missing = micros - atMicros;
      if (Math.abs(missing) <= GRID_MICROS) return;
      gapCount += 1;
      missingMicros += missing;
      if (gaps.length < MAX_GAPS) gaps.push({ atMicros, missingMicros: missing });
    },
    found: (): SoundGaps => ({ gaps: [...gaps], gapCount, missingMicros, cutShort }),
  };
}
