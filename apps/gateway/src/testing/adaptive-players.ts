/** A quality as a master playlist tells it. */
export interface ToldQuality {
  readonly uri: string;
  readonly bandwidth: number;
  readonly averageBandwidth: number;
}

/** What a player knows when it chooses its next segment. */
interface Known {
  /** In the order of the playlist. */
  readonly qualities: readonly ToldQuality[];
  readonly current: ToldQuality | undefined;
  readonly inHandSeconds: number;
  /** What it loaded, the newest last. */
  readonly loaded: readonly { readonly bits: number; readonly seconds: number }[];
}
export type Rule = (known: Known) => ToldQuality;

const byBandwidth = (a: ToldQuality, b: ToldQuality): number => b.bandwidth - a.bandwidth;
const thinnest = (qualities: readonly ToldQuality[]): ToldQuality =>
  qualities.reduce((a, b) => (b.bandwidth < a.bandwidth ? b : a));
const highestWithin = (qualities: readonly ToldQuality[], bits: number): ToldQuality =>
  qualities.toSorted(byBandwidth).find(({ bandwidth }) => bandwidth <= bits) ?? thinnest(qualities);

/**
 * ExoPlayer's (`AdaptiveTrackSelection`, `SlidingPercentile`): the highest peak within 0.7 of the median of what was loaded,
 * each weighed by the root of its bytes, 2000 of that at most. Not up with less than ten seconds in hand, not down with
 * more than 25.
 */
export const exoPlayer: Rule = ({ qualities, current, inHandSeconds, loaded }) => {
  let weightLeft = 2_000;
  const weighed = loaded.toReversed().flatMap(({ bits, seconds }) => {
    const weight = Math.min(weightLeft, Math.sqrt(bits / 8));
    weightLeft -= weight;
    return weight === 0 ? [] : [{ rate: bits / seconds, weight }];
  });
  let half = weighed.reduce((sum, { weight }) => sum + weight, 0) / 2;
  const sorted = weighed.toSorted((a, b) => a.rate - b.rate);
  const median = sorted.find(({ weight }) => (half -= weight) <= 0)?.rate ?? 1_000_000;
  const ideal = highestWithin(qualities, 0.7 * median);
  if (current === undefined) return ideal;
  const isUp = ideal.bandwidth > current.bandwidth;
  const stays = isUp ? inHandSeconds < 10 : inHandSeconds >= 25;
  return stays ? current : ideal;
};

/**
 * As Apple's documents tell of AVPlayer, whose code is not public: it begins with the first quality, and later takes the
 * highest peak that the mean of the last segments carries with a fifth to spare; down at once.
 */
export const avPlayer: Rule = ({ qualities, current, inHandSeconds, loaded }) => {
  const [first] = qualities;
  if (current === undefined && first !== undefined) return first;
  const last = loaded.slice(-4);
  const bits = last.reduce((sum, each) => sum + each.bits, 0);
  const seconds = last.reduce((sum, each) => sum + each.seconds, 0);
  const ideal = highestWithin(qualities, (0.8 * bits) / seconds);
  const isUp = current !== undefined && ideal.bandwidth > current.bandwidth;
  return isUp && inHandSeconds < 6 ? current : ideal;
};

/** Segments whose sizes swing as far as the told peak lets them, the average being what is told. */
function bitsOf({ bandwidth, averageBandwidth }: ToldQuality, k: number, seconds: number): number {
  const swing = bandwidth - averageBandwidth;
  return seconds * (averageBandwidth + (k % 4 === 3 ? swing : -swing / 3));
}

const IN_HAND_AT_MOST = 30;

/**
 * Plays over a line of `phases`, one after the other, each for so many seconds; gives at the end of each what it loads, and
 * the longest stand since the first ten seconds.
 */
export function playOver(
  rule: Rule,
  qualities: readonly ToldQuality[],
  phases: readonly { readonly rate: number; readonly seconds: number }[],
  segmentSeconds: number,
): { readonly chosen: readonly string[]; readonly longestStall: number } {
  let known: Known = { qualities, current: undefined, inHandSeconds: 0, loaded: [] };
  let [at, longestStall, ends, k] = [0, 0, 0, 0];
  const chosen: string[] = [];
  for (const { rate, seconds } of phases) {
    ends += seconds;
    while (at < ends) {
      const current = rule(known);
      const bits = bitsOf(current, k++, segmentSeconds);
      const took = bits / rate;
      // One that has enough in hand waits until there is room.
      const idle = Math.max(0, known.inHandSeconds - IN_HAND_AT_MOST);
      const left = known.inHandSeconds - idle - took;
      if (at > 10) longestStall = Math.max(longestStall, -left);
      at += idle + took;
      const loaded = [...known.loaded, { bits, seconds: took }];
      known = { qualities, current, loaded, inHandSeconds: Math.max(0, left) + segmentSeconds };
    }
    chosen.push(known.current?.uri ?? "");
  }
  return { chosen, longestStall };
}
