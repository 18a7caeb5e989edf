import type { ModelSpec } from "@upreel/core";
import { UpreelError } from "@upreel/core/plain";
import { leastPixels, planTiles } from "./plan-tiles.ts";
import { cutTile, pasteTile, tilesOf, type Planes } from "./tile-pixels.ts";

/** Infers one picture or tile; what it gives is scale × the size of `input`, less what is trimmed. */
type Infer = (input: Planes) => Promise<Planes>;

/** Runs pictures through a network in as many tiles as memory needs. */
export interface TileRunner {
  /** Pixels of the largest tile now; it shrinks when memory runs out. */
  readonly tilePixels: () => number;
  /** Whether a picture of this size goes through in one piece. */
  isWhole(width: number, height: number): boolean;
  /** Fills `result`. Throws `out_of_memory` when even the smallest tile does not fit. */
  run(input: Planes, result: Planes): Promise<void>;
  /** Halves the tile after the failure `cause` of a run; throws `out_of_memory` at the smallest one. */
  shrink(cause: unknown): void;
}

export interface TileRunnerParts {
  readonly model: ModelSpec;
  readonly provider: string;
  readonly tilePixels: number;
  readonly infer: Infer;
}

export function createTileRunner({
  model,
  provider,
  tilePixels,
  infer,
}: TileRunnerParts): TileRunner {
  const least = leastPixels(model.halo);
  let pixels = Math.max(tilePixels, least);
  let last: { readonly width: number; readonly height: number } | undefined;

  function shrink(cause: unknown): void {
    const area = (last?.width ?? 1) * (last?.height ?? 1);
    const next = Math.floor(Math.min(pixels, area) / 2);
    if (model.fixed === undefined && next >= least) {
      pixels = next;
      return;
    }
    throw new UpreelError(
      "out_of_memory",
      `The model ${model.id} ran out of memory on ${provider}, even in tiles`,
      {
        expected: `memory for ${model.fixed === undefined ? least : model.fixed.width * model.fixed.height} pixels; choose a smaller model, or another provider (PROVIDERS=cpu)`,
        got: cause instanceof Error ? cause.message : String(cause),
        cause,
      },
    );
  }

  async function runOnce(input: Planes, result: Planes): Promise<void> {
    const trim = model.fixed?.trim ?? 0;
    for (const tile of tilesOf(planTiles(model, input, pixels))) {
      const answer = await infer(cutTile(input, tile));
      pasteTile(result, answer, tile, { scale: model.scale, trim });
    }
  }

  return {
    tilePixels: () => pixels,
    isWhole(width, height) {
      last = { width, height };
      return model.fixed === undefined && width * height <= pixels;
    },
    shrink,
    async run(input, result) {
      for (;;) {
        try {
          return await runOnce(input, result);
        } catch (cause) {
          if (!isOutOfMemory(cause)) throw cause;
          shrink(cause);
        }
      }
    },
  };
}

/** How ONNX Runtime, CUDA, Dawn (WebGPU), DirectML and C++ say that memory ran out. */
const OUT_OF_MEMORY =
  /out of memory|out_of_memory|outofmemory|failed to allocate|bad_alloc|allocation failed|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|0x8007000e/i;

export const isOutOfMemory = (thrown: unknown): boolean =>
  thrown instanceof Error && OUT_OF_MEMORY.test(thrown.message);
