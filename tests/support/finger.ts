import type { Page } from "playwright-core";

export const PHONE_WITH_FINGER = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

const BETWEEN_TAPS_SECONDS = 0.15;
/** Longer than a double tap takes. */
const PAUSE_SECONDS = 1;
let lastTapSeconds = 0;

/**
 * Taps the element so often, at this share of its width. The taps carry their own times, so that they belong together
 * however late a busy browser comes to the second one, and those of two calls do not.
 */
export async function tap(
  page: Page,
  selector: string,
  { at, times = 1 }: { readonly at: number; readonly times?: number },
): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not on the page`);
  const point = { x: box.x + box.width * at, y: box.y + box.height * 0.3 };
  const line = await page.context().newCDPSession(page);
  const startSeconds = Math.max(Date.now() / 1_000, lastTapSeconds + PAUSE_SECONDS);
  for (let k = 0; k < times; k++) {
    const timestamp = startSeconds + k * BETWEEN_TAPS_SECONDS;
    lastTapSeconds = timestamp;
    await line.send("Input.dispatchTouchEvent", {
      ...{ type: "touchStart", touchPoints: [point], timestamp },
    });
    await line.send("Input.dispatchTouchEvent", {
      ...{ type: "touchEnd", touchPoints: [], timestamp: timestamp + 0.05 },
    });
  }
  await line.detach();
}
