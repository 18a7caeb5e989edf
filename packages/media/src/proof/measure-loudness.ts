import { durationSeconds, type Source, type Timeline } from "@upreel/core";
import { decodeSound, type SoundTools } from "../sound/decode-sound.ts";
import { placeSound } from "../sound/place-sound.ts";
import { soundParts } from "../sound/sound-parts.ts";

/** How loud a film is, and how much sound was found in it. */
export interface Loudness {
  /** Mean square of the samples (1: full scale) of each `BLOCK_SECONDS` of the timeline. */
  readonly blocks: Float64Array;
  /** Of sound that was decoded. */
  readonly seconds: number;
}

export const BLOCK_SECONDS = 0.1;
/** Enough to tell sound from silence. */
const SAMPLE_RATE = 8_000;
const SAMPLE_BYTES = 4;

/** Decodes all sound of one track: some hundred times as fast as it plays. */
export async function measureLoudness(
  source: Source,
  timeline: Timeline,
  track: number,
  tools: SoundTools,
  signal: AbortSignal,
): Promise<Loudness> {
  const total = Math.ceil(durationSeconds(timeline) * SAMPLE_RATE);
  const perBlock = SAMPLE_RATE * BLOCK_SECONDS;
  const blocks = new Float64Array(Math.ceil(total / perBlock));
  const audio = {
    ...({ kind: "aac", index: track, sampleRate: SAMPLE_RATE, channels: 1, bitrate: 0 } as const),
  };
  let at = 0;
  let decoded = 0;
  for (const part of soundParts(timeline, SAMPLE_RATE, { from: 0, to: total })) {
    const span = { ...part, sampleRate: SAMPLE_RATE, sampleBytes: SAMPLE_BYTES };
    const heard = countSamples(decodeSound(source, audio, part, tools, signal), (samples) => {
      decoded += samples;
    });
    for await (const chunk of placeSound(heard, span)) at = addSquares(blocks, chunk, at, perBlock);
  }
  return { blocks: blocks.map((sum) => sum / perBlock), seconds: decoded / SAMPLE_RATE };
}

async function* countSamples<Block extends { readonly samples: Buffer }>(
  blocks: AsyncIterable<Block>,
  add: (samples: number) => void,
): AsyncGenerator<Block> {
  for await (const block of blocks) {
    add(block.samples.length / SAMPLE_BYTES);
    yield block;
  }
}

/** Returns the number of the next sample. */
function addSquares(blocks: Float64Array, chunk: Buffer, at: number, perBlock: number): number {
  const count = chunk.length / SAMPLE_BYTES;
  for (let i = 0; i < count; i += 1) {
    const block = Math.floor((at + i) / perBlock);
    blocks[block] = (blocks[block] ?? 0) + chunk.readFloatLE(i * SAMPLE_BYTES) ** 2;
  }
  return at + count;
}
