import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { addScript } from "./add-script.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Violation {
  readonly id: string;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary: string;
  }[];
}

/** What axe finds wrong on the page as it is, in light and in dark colours; one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  const found: string[] = [];
  if (!(await page.evaluate<boolean>("'axe' in window"))) await addScript(page, AXE);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours change over some frames.
    await page.evaluate(
      "Promise.allSettled(document.getAnimations().map(({ finished }) => finished))",
    );
    const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run()");
    for (const { id, nodes } of violations)
      for (const { target, failureSummary } of nodes)
        found.push(`${colorScheme}: ${id} at ${target.join(" ")}: ${failureSummary}`);
  }
  return found;
}
