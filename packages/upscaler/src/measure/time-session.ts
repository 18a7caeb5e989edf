import { enlarged, type Rung } from "@upreel/core";
import { byteTensor, type Session } from "../session.ts";
import { isGpu } from "../providers/session-options.ts";

const SMALL = { width: 320, height: 180 } as const;
/** A GPU shows what it can on a large picture; one made of software is slow on the tiny one already. */
const GPU_SIZES = [{ width: 64, height: 36 }, SMALL, { width: 1280, height: 720 }] as const;
/** Whoever takes longer than this is not tried with a larger picture. */
const QUICK_MS = 40;
/** A GPU that takes so long for the tiny one is made of software: its figure need not be exact. */
const HOPELESS_MS = 500;
/** How long one network is looked at. */
interface Look {
  readonly longEnoughMs: number;
  readonly fewestFrames: number;
}
const USUAL_LOOK: Look = { longEnoughMs: 300, fewestFrames: 8 };
/** Tells machines apart, not networks. */
export const QUICK_LOOK: Look = { longEnoughMs: 25, fewestFrames: 2 };
/** A network that is slower than this a frame is timed by one of them. */
const LONGEST_MS = 2_000;

/**
 * Megapixels of input a second of one thread, alone: the fastest of several frames, since anything else
 * on the machine only slows. Takes about half a second, for slow networks two seconds or one frame.
 */
export async function timeSession(
  session: Session,
  rung: Rung,
  look = USUAL_LOOK,
): Promise<number> {
  let megapixelsPerSecond = 0;
  for (const size of isGpu(rung.provider) ? GPU_SIZES : [SMALL]) {
    const ms = await bestMs(session, rung, size, look);
    megapixelsPerSecond = (size.width * size.height) / 1_000 / ms;
    if (ms > QUICK_MS) break;
  }
  return megapixelsPerSecond;
}

async function bestMs(
  session: Session,
  { model, provider }: Rung,
  { width, height }: { readonly width: number; readonly height: number },
  { longEnoughMs, fewestFrames }: Look,
): Promise<number> {
  const channels = model.kind === "planes" ? 3 : 1;
  const { scale } = model;
  const input = byteTensor(
    Uint8Array.from({ length: channels * width * height }, (_, i) => (i * 7) & 255),
    [1, channels, height, width],
  );
  const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
  const output = byteTensor(new Uint8Array(channels * wide * high), [1, channels, high, wide]);
  let best = Number.POSITIVE_INFINITY;
  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  for (
    let frames = 0;
    frames === 0 ||
    (elapsedMs() < LONGEST_MS && (frames <= fewestFrames || elapsedMs() < longEnoughMs));
    frames++
  ) {
    const beforeMs = performance.now();
    await session.run(input, output);
    best = Math.min(best, performance.now() - beforeMs);
    // The first one builds the shaders.
    if (isGpu(provider) && frames > 0 && best > HOPELESS_MS) break;
  }
  return best;
}
