/** Decoded sound: samples of all channels, interleaved, from the sample `at` of the timeline on. */
export interface SoundBlock {
  /** May lie a little off, as timestamps are rounded. */
  readonly at: number;
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

const deviation = ({ at, count }: Waiting): number => at - count;

/** The median of those that agree with the first: single timestamps are rounded, to milliseconds in Matroska. */
function firstShift(waiting: readonly Waiting[], tolerance: number): number {
  const first = waiting[0] === undefined ? 0 : deviation(waiting[0]);
  const near = waiting.map(deviation).filter((each) => Math.abs(each - first) < tolerance);
  const sorted = near.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? first);
}

function adjust(shift: number, waiting: readonly Waiting[], tolerance: number): number {
  const off = waiting.map((block) => deviation(block) - shift);
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
