import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { decodeSound, spanOf, type SoundTools } from "./decode-sound.ts";
import { placeSound } from "./place-sound.ts";
import { encodedSamples, type SoundRequest } from "./sound-grid.ts";
import { soundParts } from "./sound-parts.ts";

/**
 * The sound of some segments as the encoder takes it: 32-bit floats of all channels, every sample of
 * the grid once, piece after piece of the film.
 */
async function* prepareSound(
  request: SoundRequest,
  tools: SoundTools,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { source, timeline, audio } = request;
  for (const part of soundParts(timeline, audio.sampleRate, encodedSamples(request))) {
    const blocks = decodeSound(source, audio, part, tools, signal);
    yield* placeSound(blocks, spanOf(audio, part.from, part.to));
  }
}

/** Sound on its way to an encoder. */
export interface SoundFeed {
  /** Settles when no process works for it; rejects with what kept it from being decoded at all. */
  readonly ended: Promise<void>;
  /** The pictures end early: sound past this sample of the timeline is not given any more. */
  cutAt(sample: number): void;
}

/** Writes that sound to an encoder's input and ends it; ends, too, when the encoder goes away. */
export function feedSound(
  request: SoundRequest,
  target: Writable,
  tools: SoundTools,
  signal: AbortSignal,
): SoundFeed {
  const { from } = encodedSamples(request);
  const sampleBytes = 4 * request.audio.channels;
  let end = Number.POSITIVE_INFINITY;
  let failure: unknown;
  async function* sound(): AsyncGenerator<Buffer> {
    let at = from;
    try {
      for await (const part of prepareSound(request, tools, signal)) {
        const left = Math.max(0, end - at) * sampleBytes;
        yield left < part.length ? part.subarray(0, left) : part;
        if (left <= part.length) return;
        at += part.length / sampleBytes;
      }
    } catch (thrown) {
      if (!signal.aborted) failure = thrown;
    }
  }
  // An encoder that is gone is told of by its exit.
  const written = pipeline(Readable.from(sound(), { objectMode: false }), target, { signal });
  return {
    ended: written
      .catch(() => {})
      .then(() => {
        if (failure !== undefined) throw failure;
      }),
    cutAt(sample) {
      end = sample;
    },
  };
}
