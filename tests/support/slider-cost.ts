import type { Page } from "playwright-core";

/** What the browser did while a slider moved. */
interface SliderCost {
  /** Pictures of the screen in that time. */
  readonly frames: number;
  /** Milliseconds between them. */
  readonly gapsMs: readonly number[];
  /** How often the style of the picture that is seen was written. */
  readonly writes: number;
  /** Works of style or layout in the middle of a script, which asked for a size. */
  readonly forced: number;
  /** Elements whose style was worked out anew, in the middle one of all such works. */
  readonly styled: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args: { readonly elementCount?: number };
}

const SCRIPTS = new Set(["FunctionCall", "FireAnimationFrame", "EventDispatch", "TimerFire"]);
const WORKS = new Set(["UpdateLayoutTree", "Layout"]);

/** Moves a slider by several steps between two pictures of the screen, `frames` times. How long that takes counts for nothing. */
export async function costOfSliding(
  page: Page,
  { slider, picture, frames }: { slider: string; picture: string; frames: number },
): Promise<SliderCost> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("a page without a browser");
  await browser.startTracing(page, { categories: ["devtools.timeline", "blink"] });
  const { writes, gapsMs } = await page.evaluate<
    Pick<SliderCost, "writes" | "gapsMs">
  >(`(async () => {
    const slider = document.querySelector(${JSON.stringify(slider)});
    let writes = 0;
    const gapsMs = [];
    let last = await new Promise(requestAnimationFrame);
    const seen = new MutationObserver((all) => (writes += all.length));
    seen.observe(document.querySelector(${JSON.stringify(picture)}), { attributeFilter: ["style"] });
    for (let frame = 0; frame < ${frames}; frame++) {
      for (const step of [0, 1, 2]) {
        slider.value = 1 + ((3 * frame + step) % 98);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
      const now = await new Promise(requestAnimationFrame);
      gapsMs.push(now - last);
      last = now;
    }
    seen.disconnect();
    return { writes, gapsMs };
  })()`);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const whole = trace.traceEvents.filter(({ ph }) => ph === "X");
  const scripts = whole.filter(({ name }) => SCRIPTS.has(name));
  const works = whole.filter(({ name }) => WORKS.has(name));
  const isWithin = (inner: TraceEvent, outer: TraceEvent): boolean =>
    inner.tid === outer.tid && inner.ts > outer.ts && inner.ts < outer.ts + (outer.dur ?? 0);
  const forced = works.filter((work) => scripts.some((script) => isWithin(work, script))).length;
  const counts = works
    .flatMap(({ args: { elementCount } }) => elementCount ?? [])
    .toSorted((a, b) => a - b);
  return { frames, gapsMs, writes, forced, styled: counts[Math.floor(counts.length / 2)] ?? 0 };
}
