import { toReason } from "@upreel/core/plain";
import { isGpu } from "../providers/session-options.ts";
import type { FrameBuffers } from "./frame-buffers.ts";
import * as control from "./frame-control.ts";
import type { FrameLayout } from "./frame-layout.ts";
import { createInference, type InferFrame, type LoadedModel } from "./infer-frame.ts";
import type { ModelCache } from "./model-cache.ts";
import type { FoundRule } from "./plan-work.ts";
import * as rungControl from "./rung-control.ts";
import { StageError } from "./stage-error.ts";
import type { ThreadEvent, ThreadJob } from "./thread-messages.ts";

export interface ThreadRungsParts {
  readonly job: ThreadJob;
  readonly layout: FrameLayout;
  readonly buffers: FrameBuffers;
  readonly cache: ModelCache;
  readonly control: control.FrameControl;
  readonly post: (event: ThreadEvent) => void;
  readonly findsTileRules: boolean;
}

/** The rungs of a job, as one thread has them loaded: the one at work, and the one that is to follow. */
export function createThreadRungs(parts: ThreadRungsParts) {
  const { job, layout, buffers, cache } = parts;
  const c = rungControl.openRungControl(job.rungControl);
  const loaded = new Map<number, InferFrame>();
  const slowToLoad = job.rungs.flatMap(({ provider }, index) => (isGpu(provider) ? [index] : []));
  let { rung: last } = rungControl.currentRung(c);

  async function load(index: number): Promise<InferFrame> {
    const rung = job.rungs[index];
    if (rung === undefined) throw new Error(`no rung ${index}`);
    const model = await cache.load(rung, job.frameModel);
    const found = model.foundRule();
    if (found !== undefined) rungControl.noteTileRule(c, index, found);
    const tileRule = (): Promise<FoundRule | undefined> => ruleOf(index, model);
    const infer = createInference(job, layout, { session: model.session, tileRule }, buffers);
    loaded.set(index, infer);
    rungControl.noteLoaded(c, index);
    return infer;
  }

  /** One thread finds it for all, which take whole pictures until then. */
  async function ruleOf(index: number, model: LoadedModel): Promise<FoundRule | undefined> {
    const known = rungControl.tileRule(c, index);
    if (known !== undefined || !parts.findsTileRules) return known;
    const found = await model.tileRule();
    rungControl.noteTileRule(c, index, found);
    return found;
  }

  /** A network holds memory for pictures: no more are kept than can be needed next. */
  async function release(kept: readonly number[]): Promise<void> {
    for (const index of loaded.keys()) {
      if (kept.includes(index)) continue;
      // First, so that nobody counts on it.
      rungControl.noteReleased(c, index);
      loaded.delete(index);
    }
    await cache.keepOnly(job.rungs.filter((_, index) => kept.includes(index)));
  }

  return {
    /** Before the first frame. */
    async begin(): Promise<void> {
      const { rung } = rungControl.currentRung(c);
      await release([rung]);
      await load(rung);
    },
    /** Whether it is this thread's turn to load what is wanted: then `loadWanted` must follow. */
    takesTurn(): boolean {
      const wanted = rungControl.wantedRung(c);
      return (
        !loaded.has(wanted) && !rungControl.isRefused(c, wanted) && rungControl.takeLoadingTurn(c)
      );
    },
    async loadWanted(): Promise<void> {
      const wanted = rungControl.wantedRung(c);
      try {
        await release([rungControl.currentRung(c).rung, wanted, last]);
        if (!loaded.has(wanted)) await load(wanted);
      } catch (cause) {
        rungControl.refuse(c, wanted);
        parts.post({ type: "rung-refused", rung: wanted, reason: toReason(cause) });
      } finally {
        rungControl.giveLoadingTurn(c);
        control.wakeAll(parts.control);
      }
    },
    /** The rung of a frame that was just read; only with the lock of reads. */
    of(frame: number): rungControl.FrameRung {
      if (frame % job.framesPerSegment !== 0) return rungControl.currentRung(c);
      const before = rungControl.currentRung(c).rung;
      const now = rungControl.rungFrom(c, frame, job.threads);
      if (now.rung !== before) parts.post({ type: "rung-changed", frame, rung: now.rung });
      return now;
    },
    /** What made the frames that were read last. */
    current: (): number => rungControl.currentRung(c).rung,
    /** Loads it where it was not: another one was wanted meanwhile. */
    async infer(frame: number, { rung, since }: rungControl.FrameRung) {
      const infer = loaded.get(rung) ?? (await load(rung).catch(failedToLoad));
      // One on the CPU is loaded again in a few milliseconds; it would keep the buffers of its last picture.
      if (rung !== last) await release([rung, rungControl.wantedRung(c), ...slowToLoad]);
      last = rung;
      return infer(frame, frame === since);
    },
  };
}

export type ThreadRungs = ReturnType<typeof createThreadRungs>;

const failedToLoad = (cause: unknown): never => {
  throw new StageError("load", cause);
};
