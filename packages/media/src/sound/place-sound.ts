/** Decoded sound: samples of all channels, interleaved, from the sample `at` of the timeline on. */
export interface SoundBlock {
  /** May lie a little off, as timestamps are rounded; undefined: right behind the block before. */
  readonly at: number | undefined;
  readonly samples: Buffer;
}

/** The samples [from, to) of the timeline that are wanted. */
export interface SoundSpan {
  readonly from: number;
  readonly to: number;
  readonly sampleRate: number;
  /** Of one sample of all channels. */
  readonly sampleBytes: number;
}

/** Timestamps that are off by less say nothing; no packet of sound that is in use is shorter. */
const TOLERANCE_SECONDS = 0.01;
/**
 * A shift counts when all sound of so long a time agrees: one late block is jitter, as in what browsers
 * record.
 */
const AGREEMENT_SECONDS = 0.5;
const SILENCE_BYTES = 64 * 1024;

interface Waiting extends SoundBlock {
  /** Samples of all blocks before it. */
  readonly count: number;
  readonly length: number;
}

/**
 * Exactly the samples of `span`, without a break: sound where its timestamps say, silence where there
 * is none, and of what overlaps the first. Holes are closed by the grid: sound after a lost packet is
 * as late as it was in the source, however short the packet.
 */
export async function* placeSound(
  blocks: AsyncIterable<SoundBlock>,
  span: SoundSpan,
): AsyncGenerator<Buffer> {
  const { from, to, sampleBytes } = span;
  const tolerance = TOLERANCE_SECONDS * span.sampleRate;
  const agreement = AGREEMENT_SECONDS * span.sampleRate;
  const waiting: Waiting[] = [];
  let counted = 0;
  let written = from;
  /** From the count of samples to their place; undefined before the first block. */
  let shift: number | undefined;

  function* placeFirst(): Generator<Buffer> {
    shift =
      shift === undefined ? firstShift(waiting, tolerance) : adjust(shift, waiting, tolerance);
    const block = waiting.shift();
    if (block === undefined) return;
    const at = block.count + shift;
    if (at > written) {
      const silent = Math.min(at, to) - written;
      yield* silence(silent * sampleBytes);
      written += silent;
    }
    const end = Math.min(at + block.length, to);
    if (end <= written) return;
    yield block.samples.subarray((written - at) * sampleBytes, (end - at) * sampleBytes);
    written = end;
  }

  for await (const { at, samples } of blocks) {
    const length = Math.floor(samples.length / sampleBytes);
    waiting.push({ at, samples, count: counted, length });
    counted += length;
    while (counted - (waiting[0]?.count ?? counted) > agreement) yield* placeFirst();
    if (written >= to) return;
  }
  while (waiting.length > 0) yield* placeFirst();
  yield* silence((to - written) * sampleBytes);
}

const deviations = (waiting: readonly Waiting[]): number[] =>
  waiting.flatMap(({ at, count }) => (at === undefined ? [] : [at - count]));

/**
 * The median of the earliest that agree: single timestamps are rounded, to milliseconds in Matroska; a
 * hole only makes what follows later, and where recordings were joined the first block can be the last
 * one of another.
 */
function firstShift(waiting: readonly Waiting[], tolerance: number): number {
  const sorted = deviations(waiting).toSorted((a, b) => a - b);
  const near = sorted.filter((each) => each - (sorted[0] ?? 0) < tolerance);
  return Math.round(near[Math.floor(near.length / 2)] ?? 0);
}

function adjust(shift: number, waiting: readonly Waiting[], tolerance: number): number {
  const off = deviations(waiting).map((each) => each - shift);
  if (off.length === 0) return shift;
  const least = Math.min(...off);
  const most = Math.max(...off);
  if (least > tolerance) return Math.round(shift + least);
  if (most < -tolerance) return Math.round(shift + most);
  return shift;
}

function* silence(bytes: number): Generator<Buffer> {
  const zeros = Buffer.alloc(Math.min(SILENCE_BYTES, Math.max(0, bytes)));
  for (let left = bytes; left > 0; left -= zeros.length)
    yield left < zeros.length ? zeros.subarray(0, left) : zeros;
}
