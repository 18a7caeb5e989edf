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
}

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
  return {
    own: Buffer.alloc(layout.inferredBytes),
    result: Buffer.alloc(layout.resultBytes),
    lastResult: Buffer.from(job.lastResult),
    passed: Buffer.alloc(layout.passedRows === undefined ? 0 : layout.passedBytes),
    inputOf: (frame) => inputs[frame % job.slots] as Buffer,
    wordsOf: (frame) => words[frame % job.slots] as Int32Array,
  };
}
