import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@upreel/testkit";
import type { Page } from "playwright-core";

const LOOKS_EVERY_MS = 50;

/**
 * Playwright's `waitForFunction` looks again by `eval`, which the policy of Upreel's pages forbids: this one asks from outside,
 * so that pages are tested under the policy that their viewers have.
 */
export function waitWithoutEval(page: Page): Page["waitForFunction"] {
  const wait = (
    expression: string,
    arg?: unknown,
    {
      timeout,
      polling = LOOKS_EVERY_MS,
    }: { readonly timeout?: number; readonly polling?: number } = {},
  ) =>
    eventually(
      expression,
      async () => {
        const handle = await page.evaluateHandle(expression, arg);
        if (await handle.evaluate((value) => Boolean(value))) return handle;
        await handle.dispose();
        await sleep(polling);
        return undefined;
      },
      timeout,
    );
  return wait as Page["waitForFunction"];
}
