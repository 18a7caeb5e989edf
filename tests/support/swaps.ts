import type { Page } from "playwright-core";
import type { SeenFrame, ShownFilm } from "./stamped-film.ts";

/** A picture of the screen: a frame is due at that one which comes next. */
const SCREEN_MS = 100;
const MOST_CHANGES = 6;

/** One change of the film that is seen. */
export interface Swap {
  readonly from: string;
  readonly to: string;
  /** Frames that the new film is ahead of the old one. */
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
  page.waitForSelector(`.stage[data-showing=${picture}]`);

/** Waits until a frame of the film is seen. */
export const somethingSeen = (page: Page): Promise<unknown> =>
  page.waitForFunction("window.seenFrames.some(({ isSeen }) => isSeen)");

/** Waits until the shown film has shown that many frames since it came. */
export const seenFor = (page: Page, frames: number): Promise<unknown> =>
  page.waitForFunction(
    `(() => {
      const seen = window.seenFrames.filter(({ isSeen }) => isSeen).map(({ picture }) => picture);
      const from = seen.findLastIndex((picture) => picture !== seen.at(-1));
      return seen.at(-1) === document.querySelector(".stage").dataset.showing &&
        seen.length - 1 - from >= ${frames};
    })()`,
  );

/**
 * Every change of film that was seen, of a film of so many frames a second. How far apart the films were
 * is told by their clocks: a busy browser leaves frames out, in either of them.
 */
export async function swapsOf(page: Page, rate: number): Promise<Swap[]> {
  const all = await framesOf(page);
  const shown = await page.evaluate<ShownFilm[]>("window.shownFilms");
  const shifts = {
    original: shiftOf(all, "original", rate),
    upscaled: shiftOf(all, "upscaled", rate),
  };
  const seen = all.filter(({ isSeen }) => isSeen);
  return seen.flatMap((first, k): Swap[] => {
    const last = seen[k - 1];
    if (last === undefined || last.picture === first.picture) return [];
    const change = shown.findLast(
      ({ picture, atMs }) => picture === first.picture && atMs <= first.atMs + SCREEN_MS,
    );
    const frameAt = (picture: SeenFrame["picture"]): number =>
      (change?.seconds[picture] ?? NaN) * rate + shifts[picture];
    // Its frame came while the other film was in front; the first one noted as seen is the next.
    const prepared = all
      .slice(all.indexOf(last), all.indexOf(first))
      .findLast(({ picture }) => picture === first.picture);
    const begins =
      change?.stoodStill === true
        ? Math.min(frameAt(first.picture), (prepared ?? first).stamp)
        : frameAt(first.picture);
    return [
      {
        from: last.picture,
        to: first.picture,
        frames: begins - frameAt(last.picture),
        lastStamp: frameAt(last.picture),
        standMs: first.atMs - last.atMs,
        wasPrepared: all
          .slice(0, all.indexOf(first))
          .some(({ picture, isSeen }) => picture === first.picture && !isSeen),
      },
    ];
  });
}

/**
 * How many frames the films were apart at the last change; where that is more than one, at a change that is made
 * `again`: a machine that is busy for a moment puts a film behind, a wrong clock does so each time.
 */
export async function framesApart(
  page: Page,
  rate: number,
  again: () => Promise<void>,
): Promise<number> {
  for (let change = 1; ; change += 1) {
    const apart = Math.abs((await swapsOf(page, rate)).at(-1)?.frames ?? NaN);
    if (apart <= 1 || change === MOST_CHANGES) return apart;
    await again();
  }
}

/**
 * Frames between a film's numbers and the time of its element: the median, since a busy browser may have put
 * the next frame on the screen when the page comes to read the pixels.
 */
function shiftOf(frames: readonly SeenFrame[], film: SeenFrame["picture"], rate: number): number {
  const shifts = frames
    .filter(({ picture }) => picture === film)
    .map(({ stamp, mediaSeconds }) => stamp - mediaSeconds * rate);
  return shifts.toSorted((a, b) => a - b)[shifts.length >> 1] ?? 0;
}
