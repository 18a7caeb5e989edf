import type { Bars } from "./clean-bars.ts";
import type { FrameLayout } from "./frame-layout.ts";
import type { ThreadJob } from "./thread-messages.ts";

/** Buffers of one thread for one job; those over the job's shared memory are seen by all its threads. */
export interface FrameBuffers {
  /** What the network takes and gives: ONNX Runtime refuses shared memory. */
  readonly own: Buffer;
  readonly result: Buffer;
  /** The network's answer for the last frame written. Shared. */
  readonly lastResult: Buffer;
  /** What a frame passes on, where it must be taken out of wider rows first. */
  readonly passed: Buffer;
  /** The frame as it was decoded, and the same as words of four bytes. Shared. */
  inputOf(frame: number): Buffer;
  wordsOf(frame: number): Int32Array;
  /** The bars of a frame. Shared. */
  barsOf(frame: number): Bars;
  noteBars(frame: number, bars: Bars): void;
}

/** The four sides and the black of `Bars`, for each slot. */
const BARS_NUMBERS = 5;
export const BARS_BYTES = BARS_NUMBERS * Int32Array.BYTES_PER_ELEMENT;

export function createFrameBuffers(job: ThreadJob, layout: FrameLayout): FrameBuffers {
  const words = Array.from(
    { length: job.slots },
    (_, slot) =>
      new Int32Array(
        job.inputs,
        slot * layout.slotBytes,
        layout.slotBytes / Int32Array.BYTES_PER_ELEMENT,
      ),
  );
  const inputs = words.map(({ byteOffset }) =>
    Buffer.from(job.inputs, byteOffset, layout.inputBytes),
  );
  const bars = new Int32Array(job.bars);
  const barsAt = (frame: number): number => (frame % job.slots) * BARS_NUMBERS;
  return {
    own: Buffer.alloc(layout.inferredBytes),
    result: Buffer.alloc(layout.resultBytes),
    lastResult: Buffer.from(job.lastResult),
    passed: Buffer.alloc(layout.passedRows === undefined ? 0 : layout.passedBytes),
    inputOf: (frame) => inputs[frame % job.slots] as Buffer,
    wordsOf: (frame) => words[frame % job.slots] as Int32Array,
    barsOf(frame) {
      const [left = 0, top = 0, right = 0, bottom = 0, black = 0] = bars.subarray(barsAt(frame));
      return { between: { left, top, right, bottom }, black };
    },
    noteBars: (frame, { between: { left, top, right, bottom }, black }) =>
      bars.set([left, top, right, bottom, black], barsAt(frame)),
  };
}

/** A black picture in limited range; only frames that pass unchanged are ever filled without a first one. */
export function paintBlack(yuv420: Uint8Array, lumaBytes: number): void {
  yuv420.fill(16, 0, lumaBytes);
  yuv420.fill(128, lumaBytes);
}
