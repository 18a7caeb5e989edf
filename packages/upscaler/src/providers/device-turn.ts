/**
 * One thread at a time on a GPU: two threads of a process that use the WebGPU provider at once crash it
 * ("Command encoding already finished", or worse; ONNX Runtime 1.30). They still overlap reading and
 * writing frames with the other one's inference.
 */
export interface DeviceTurn {
  /** Runs `work` while no other thread does. Blocks the thread while it waits. */
  <T>(work: () => Promise<T>): Promise<T>;
}

/** `lock` is shared by the threads of a process: four bytes, zero at first. */
export function createDeviceTurn(lock: SharedArrayBuffer): DeviceTurn {
  const words = new Int32Array(lock);
  return async (work) => {
    while (Atomics.compareExchange(words, 0, 0, 1) !== 0) Atomics.wait(words, 0, 1);
    try {
      return await work();
    } finally {
      Atomics.store(words, 0, 0);
      Atomics.notify(words, 0, 1);
    }
  };
}

/** For a thread that is alone. */
export const aloneOnDevice: DeviceTurn = (work) => work();
