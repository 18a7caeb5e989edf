import type { Page } from "playwright-core";
import type { TestApp } from "../../apps/gateway/src/testing/start-app.ts";

export const FILMS = 50;

/** Tells of all films at once, with other figures each round; a gateway does so four times a second. */
export function tellOfFilms(app: TestApp, round: number): void {
  for (let k = 0; k < FILMS; k++)
    app.streams.put({
      ...{ id: `film-${k}`, title: `Film ${k}`, state: "running", ratio: (round % 100) / 100 },
      ...{ fps: 24 + (round % 7), leadSeconds: round % 60, durationSeconds: 6000 },
      readyRanges: [[0, 60 * (round % 100)]],
    });
}

/** Counts in `window.addedElements` what the page puts in anew, which is not what it changes. */
export const RECORD_ADDED = `
  window.addedElements = 0;
  new MutationObserver((mutations) => {
    for (const { addedNodes } of mutations)
      window.addedElements += [...addedNodes].filter(({ nodeType }) => nodeType === 1).length;
  }).observe(document, { childList: true, subtree: true });`;

/** Of the gaps between pictures of the screen, in ms, the one that 95 % are below; over 3 s. */
export function frameGap(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const gaps = [];
    let last = performance.now();
    const end = last + 3000;
    const note = (now) => {
      gaps.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(note);
      else resolve(gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)]);
    };
    requestAnimationFrame(note);
  })`);
}

/** What a page holds after a collection of its garbage. */
export async function pageSize(
  page: Page,
): Promise<{ elements: number; added: number; heapBytes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const elements = await page.evaluate<number>(`document.querySelectorAll("*").length`);
  const added = await page.evaluate<number>("window.addedElements");
  return { elements, added, heapBytes: usedSize };
}
