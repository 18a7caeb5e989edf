import type { Page } from "playwright-core";
import type { SeenFrame } from "./stamped-film.ts";

/** A film without a new frame for so long has stood still. */
const STANDING_MS = 300;
const DEADLINE = { timeout: 180_000 };

/** One change of the film that is seen. */
export interface Swap {
  readonly from: string;
  readonly to: string;
  /**
   * Frames that the new film is ahead of where the old one would have been: by the clock, or where the
   * old one stood still, from where it stood.
   */
  readonly frames: number;
  readonly lastStamp: number;
  /** How long nothing moved. */
  readonly standMs: number;
  /** The new film had a frame before it was seen. */
  readonly wasPrepared: boolean;
}

/** What `RECORD_FRAMES` has noted. */
export const framesOf = (page: Page): Promise<SeenFrame[]> => page.evaluate("window.seenFrames");

/** Waits until that film is what is seen. */
export const showing = (page: Page, picture: string): Promise<unknown> =>
  page.waitForSelector(`.stage[data-showing=${picture}]`, DEADLINE);

/** Waits until a frame of the film is seen. */
export const somethingSeen = (page: Page): Promise<unknown> =>
  page.waitForFunction("window.seenFrames.some(({ isSeen }) => isSeen)", undefined, DEADLINE);

/** Waits until the shown film has shown that many frames since it came. */
export const seenFor = (page: Page, frames: number): Promise<unknown> =>
  page.waitForFunction(
    `(() => {
      const seen = window.seenFrames.filter(({ isSeen }) => isSeen).map(({ picture }) => picture);
      const from = seen.findLastIndex((picture) => picture !== seen.at(-1));
      return seen.at(-1) === document.querySelector(".stage").dataset.showing &&
        seen.length - 1 - from >= ${frames};
    })()`,
    undefined,
    DEADLINE,
  );

/** Every change of film that was seen, of a film of so many frames a second. */
export async function swapsOf(page: Page, rate: number): Promise<Swap[]> {
  const all = rightlyStamped(await framesOf(page), rate);
  const seen = all.filter(({ isSeen }) => isSeen);
  return seen.flatMap((first, k): Swap[] => {
    const last = seen[k - 1];
    if (last === undefined || last.picture === first.picture) return [];
    // A frame is seen at a picture of the screen at or after its time: the promptest of several tells.
    const phase = ({ stamp, atMs }: SeenFrame): number => stamp - (atMs / 1000) * rate;
    const before = Math.max(...seen.slice(Math.max(0, k - 12), k).map(phase));
    const after = Math.max(...seen.slice(k, k + 12).map(phase));
    const standMs = first.atMs - last.atMs;
    // Its frame came while the other film was in front; the first one noted as seen is the next.
    const prepared = all
      .slice(all.indexOf(last), all.indexOf(first))
      .findLast(({ picture }) => picture === first.picture);
    return [
      {
        from: last.picture,
        to: first.picture,
        frames: standMs > STANDING_MS ? (prepared ?? first).stamp - last.stamp : after - before,
        lastStamp: last.stamp,
        standMs,
        wasPrepared: all
          .slice(0, all.indexOf(first))
          .some(({ picture, isSeen }) => picture === first.picture && !isSeen),
      },
    ];
  });
}

/**
 * Without frames whose stamp does not belong to their time: a busy browser has put the next frame on
 * the screen when the page comes to read the pixels.
 */
function rightlyStamped(frames: readonly SeenFrame[], rate: number): SeenFrame[] {
  const shift = ({ stamp, mediaSeconds }: SeenFrame): number => stamp - mediaSeconds * rate;
  const usual = new Map(
    (["original", "upscaled"] as const).map((kind) => {
      const shifts = frames.filter(({ picture }) => picture === kind).map(shift);
      return [kind, shifts.toSorted((a, b) => a - b)[shifts.length >> 1] ?? 0];
    }),
  );
  return frames.filter((frame) => Math.abs(shift(frame) - (usual.get(frame.picture) ?? 0)) < 0.5);
}
