import type { Rung } from "@upreel/core";
import { enlarged } from "@upreel/core/plain";
import { byteTensor, type Session } from "../session.ts";
import type { PictureSize } from "./changed-tiles.ts";
import { betweenBoth } from "./clean-bars.ts";
import { cutBox, pasteRegion } from "./copy-box.ts";
import type { FrameBuffers } from "./frame-buffers.ts";
import type { FrameLayout } from "./frame-layout.ts";
import {
  area,
  type Box,
  createWorkPlanner,
  type FoundRule,
  type Region,
  type Work,
  type WorkPlanner,
} from "./plan-work.ts";
import type { ThreadJob } from "./thread-messages.ts";

/** A network as a thread has it loaded. */
export interface LoadedModel {
  readonly rung: Rung;
  readonly session: Session;
  /** How parts of pictures can be inferred; finds and proves it at the first call. */
  readonly tileRule: () => Promise<FoundRule>;
  /** The same, undefined before it is found. */
  readonly foundRule: () => FoundRule | undefined;
}

/** `isFirst`: the frame before was made otherwise, and nothing of it can be used again. */
export type InferFrame = (frame: number, isFirst: boolean) => Promise<InferredFrame>;

/** An inferred frame that waits for its turn. */
interface InferredFrame {
  /** Share of a whole picture's inference that was saved, 0 to 1. */
  readonly saved: number;
  /** Makes the shared last result that of this frame. Only in the frame's turn. */
  settle(): void;
}

/**
 * Infers frames with as little work as can be. What has to be inferred follows from the pictures of a
 * frame and the one before alone, so frames are inferred side by side; the results are put together
 * in turn, when that of the frame before is there.
 */
export function createInference(
  job: ThreadJob,
  layout: FrameLayout,
  model: { readonly session: Session; readonly tileRule: () => Promise<FoundRule | undefined> },
  b: FrameBuffers,
): InferFrame {
  const { scale } = job.frameModel;
  const size = pictureSize(job);
  const planner = job.inferAll ? undefined : createWorkPlanner(size, model.tileRule);
  const betweenBars = (frame: number): Box =>
    betweenBoth(b.barsOf(frame), b.barsOf(frame - 1), size);
  const whole = [
    byteTensor(b.own, layout.inputDims),
    byteTensor(b.result, layout.outputDims),
  ] as const;

  return async (frame, isFirst) => {
    const picture = b.inputOf(frame).subarray(0, layout.inferredBytes);
    const work = isFirst
      ? ({ kind: "whole" } as const)
      : await planWork(planner, b, frame, layout.inferredBytes, betweenBars);
    switch (work.kind) {
      case "none":
        return { saved: 1, settle: () => {} };
      case "whole":
        b.own.set(picture);
        await model.session.run(...whole);
        return { saved: 0, settle: () => b.lastResult.set(b.result) };
      case "regions": {
        const results = await inferRegions(work.regions, picture);
        const inferred = work.regions.reduce((sum, { input }) => sum + area(input), 0);
        return {
          saved: 1 - inferred / (size.width * size.height),
          settle() {
            for (const [i, region] of work.regions.entries()) {
              pasteRegion(results[i] as Buffer, region, size, scale, b.lastResult);
            }
          },
        };
      }
    }
  };

  /** Results lie one after the other in the buffer of a whole one: together they are smaller. */
  async function inferRegions(regions: readonly Region[], picture: Buffer): Promise<Buffer[]> {
    const results: Buffer[] = [];
    let at = 0;
    for (const { input } of regions) {
      const [width, height] = [input.right - input.left, input.bottom - input.top];
      const bytes = size.channels * width * height;
      const own = b.own.subarray(0, bytes);
      const dims = [1, size.channels, enlarged(height, scale), enlarged(width, scale)];
      const result = b.result.subarray(at, at + dims.reduce((product, dim) => product * dim));
      at += result.length;
      cutBox(picture, size, input, own);
      await model.session.run(
        byteTensor(own, [1, size.channels, height, width]),
        byteTensor(result, dims),
      );
      results.push(result);
    }
    return results;
  }
}

/** Of what a network takes of a frame. */
export const pictureSize = ({ width, height, frameModel }: ThreadJob): PictureSize => ({
  ...{ width, height },
  channels: frameModel.kind === "planes" ? 3 : 1,
});

async function planWork(
  planner: WorkPlanner | undefined,
  b: FrameBuffers,
  frame: number,
  bytes: number,
  betweenBars: (frame: number) => Box,
): Promise<Work> {
  if (planner === undefined) return { kind: "whole" };
  const [now, before] = [b.inputOf(frame), b.inputOf(frame - 1)];
  return planner.plan({
    ...{ now: b.wordsOf(frame), before: b.wordsOf(frame - 1), between: betweenBars(frame) },
    isEqual: () => now.compare(before, 0, bytes, 0, bytes) === 0,
  });
}
