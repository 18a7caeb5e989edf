import type { Page } from "playwright-core";

/** Adds up in `window.layoutShift` how far things moved that nobody had touched. */
export const RECORD_SHIFTS = `
  window.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries())
      if (!hadRecentInput) window.layoutShift += value;
  }).observe({ type: "layout-shift", buffered: true });`;

export const layoutShift = (page: Page): Promise<number> => page.evaluate("window.layoutShift");

/** Elements whose text does not fit, and the page when it can be moved sideways; a line each. */
export function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push("the page is " + scrollWidth + " px wide");
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "",
      );
      if (!text || element.closest(".hidden-text, option") !== null) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0) continue;
      const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 &&
        getComputedStyle(element).overflowX !== "visible";
      if (isCut || left < -1 || right > clientWidth + 1)
        found.push(element.tagName + "." + element.className + ": " + element.textContent.trim());
    }
    return found;
  })()`);
}
