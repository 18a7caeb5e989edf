import type { Page } from "playwright-core";

export const PHONE_WITH_FINGER = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

const BETWEEN_TAPS_SECONDS = 0.15;
/** Longer than a double tap takes. */
const PAUSE_SECONDS = 1;

/**
 * A finger for a page. Its taps carry their own times: those of one call belong together however late a busy browser
 * comes to the second one, and those of two calls do not.
 */
export async function openFinger(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  const touch = (
    type: "touchStart" | "touchEnd",
    touchPoints: { x: number; y: number }[],
    timestamp: number,
  ) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints, timestamp });
  let nextSeconds = 0;
  return {
    /** Taps the element so often, at this share of its width. */
    async tap(
      selector: string,
      { at, times = 1 }: { readonly at: number; readonly times?: number },
    ): Promise<void> {
      const box = await page.locator(selector).boundingBox();
      if (box === null) throw new Error(`${selector} is not on the page`);
      const point = { x: box.x + box.width * at, y: box.y + box.height * 0.3 };
      const startSeconds = Math.max(Date.now() / 1_000, nextSeconds);
      nextSeconds = startSeconds + times * BETWEEN_TAPS_SECONDS + PAUSE_SECONDS;
      for (let k = 0; k < times; k++) {
        const seconds = startSeconds + k * BETWEEN_TAPS_SECONDS;
        await touch("touchStart", [point], seconds);
        await touch("touchEnd", [], seconds + 0.05);
      }
    },
  };
}
