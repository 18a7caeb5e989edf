import "./no-telemetry.ts";
import type { Rung } from "@upreel/core";
import { UpreelError } from "@upreel/core/plain";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { aloneOnDevice, type DeviceTurn } from "./providers/device-turn.ts";
import { isGpu, sessionOptions } from "./providers/session-options.ts";
import { createTileRunner, isOutOfMemory } from "./tiles/run-in-tiles.ts";
import { planesOf } from "./tiles/tensor-planes.ts";

/** One loaded network in one thread. */
export interface Session {
  /**
   * Runs `input` into `output`; both hold exactly the bytes of their dims, [1,channels,height,width].
   * Large pictures, and all of a network of fixed size, go through in tiles. Blocks the thread. Throws
   * `out_of_memory` when not even small tiles fit.
   */
  run(input: Tensor, output: Tensor): Promise<void>;
  release(): Promise<void>;
}

export interface SessionParts {
  /** On a GPU: not beside other threads of this process. */
  readonly deviceTurn?: DeviceTurn;
  /** That work on one picture. Default: 1. */
  readonly threads?: number;
  /** In place of ONNX Runtime's, for tests of what a GPU may do. */
  readonly create?: CreateSession;
}

/** What is used of an `InferenceSession`. */
interface RawSession {
  run(feeds: { readonly x: Tensor }, fetches?: { readonly y: Tensor }): Promise<{ y?: unknown }>;
  endProfiling(): void;
  release(): Promise<void>;
}
export type CreateSession = (
  file: string,
  options: InferenceSession.SessionOptions,
) => Promise<RawSession>;

export const createSession: CreateSession = async (file, options) => {
  const session = await InferenceSession.create(file, options);
  return {
    run: (feeds, fetches) =>
      fetches === undefined ? session.run({ ...feeds }) : session.run({ ...feeds }, { ...fetches }),
    endProfiling: () => session.endProfiling(),
    release: () => session.release(),
  };
};

/** Loads a network that takes `x` and gives `y`, both uint8. */
export async function loadSession(rung: Rung, parts: SessionParts = {}): Promise<Session> {
  const { model, provider } = rung;
  const create = parts.create ?? createSession;
  const inTurn = isGpu(provider) ? (parts.deviceTurn ?? aloneOnDevice) : aloneOnDevice;
  const session = await inTurn(() =>
    create(model.file, sessionOptions(provider, parts.threads)),
  ).catch((cause: unknown) => {
    throw new UpreelError("model_unusable", `ONNX Runtime cannot load ${model.file}`, {
      expected: `a network for the provider ${provider}`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  const tiles = createTileRunner({
    model,
    provider,
    tilePixels: rung.tilePixels ?? Number.POSITIVE_INFINITY,
    async infer({ bytes, channels, height, width }) {
      const x = byteTensor(bytes, [1, channels, height, width]);
      const { y } = await inTurn(() => session.run({ x }));
      return planesOf(y);
    },
  });

  return {
    async run(input, output) {
      const [, , height = 0, width = 0] = input.dims;
      if (tiles.isWhole(width, height)) {
        try {
          const { y } = await inTurn(() => session.run({ x: input }, { y: output }));
          freeCopy(y, output);
          return;
        } catch (cause) {
          if (!isOutOfMemory(cause)) throw cause;
          tiles.shrink(cause);
        }
      }
      await tiles.run(planesOf(input), planesOf(output));
    },
    release: () => inTurn(() => session.release()),
  };
}

/**
 * ONNX Runtime's binding gives the output a second time, in new memory, even where it was told where to put
 * it. Left to V8 that is a full collection every ten frames of 1280×720, an eighth of the CPU time of the
 * fastest network; moved to a buffer of no length it is freed at once.
 */
function freeCopy(copy: unknown, output: Tensor): void {
  const { buffer } = planesOf(copy).bytes;
  const isOwn = buffer === planesOf(output).bytes.buffer;
  if (!isOwn && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

export const byteTensor = (bytes: Uint8Array, dims: readonly number[]): Tensor =>
  new Tensor("uint8", bytes, [...dims]);
