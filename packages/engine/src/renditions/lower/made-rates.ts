/** What the segments that are made say of a film in one quality, in bits a second. */
export interface MadeRates {
  readonly peak: number;
  readonly average: number;
  /** Of film that was measured. */
  readonly seconds: number;
}

/**
 * So much of a film stands for the rest of it, which may still be fuller by as much as `UNSEEN_FACTOR` says (RFC 8216
 * 4.3.4.2: a representative period of similar content, encoded by the same settings). Less may be a black opening.
 */
export const REPRESENTATIVE_SECONDS = 60;
/** A film gets no fuller than this over what of it is made so far, as a rule. */
export const UNSEEN_FACTOR = 1.5;

/** A segment, by its number. */
interface Sized {
  readonly k: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Sizes of segments that were made once, also of those that were deleted since. */
export interface SegmentSizes {
  note(film: string, segment: Sized): void;
  /** Undefined where none is known. */
  ratesOf(film: string): (MadeRates & { readonly segments: number }) | undefined;
}

/** Of this many films sizes are kept; who is asked for again counts as new. */
const MOST_FILMS = 50;

export function createSegmentSizes(): SegmentSizes {
  const films = new Map<string, Map<number, Sized>>();
  return {
    note(film, segment) {
      const sizes = films.get(film) ?? new Map<number, Sized>();
      films.delete(film);
      films.set(film, sizes.set(segment.k, segment));
      for (const oldest of films.keys()) if (films.size > MOST_FILMS) films.delete(oldest);
    },
    ratesOf(film) {
      const sizes = films.get(film);
      if (sizes === undefined) return undefined;
      const inOrder = [...sizes.values()].sort((a, b) => a.k - b.k);
      return { ...ratesOf(inOrder), segments: sizes.size };
    },
  };
}

/**
 * Of one segment at least, in their order. The peak is that of RFC 8216 4.1: of segments together that last as long as half
 * a usual one at least. So a short last one counts with the one before it, and not alone.
 */
export function ratesOf(sizes: readonly Sized[]): MadeRates {
  const usual = Math.max(...sizes.map(({ seconds }) => seconds));
  let [bits, seconds, peak] = [0, 0, 0];
  for (const [i, each] of sizes.entries()) {
    bits += each.bytes * 8;
    seconds += each.seconds;
    const before = sizes[i - 1];
    const isAlone = each.seconds >= usual / 2 || before === undefined || before.k !== each.k - 1;
    const bytes = isAlone ? each.bytes : each.bytes + before.bytes;
    peak = Math.max(peak, (bytes * 8) / (isAlone ? each.seconds : each.seconds + before.seconds));
  }
  return { peak, average: bits / seconds, seconds };
}
