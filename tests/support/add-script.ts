import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";

/** Runs a file in the page, whose policy forbids the `<script>` that Playwright's `addScriptTag` makes. */
export async function addScript(page: Page, file: string): Promise<void> {
  // Without an answer: what a script comes to may be too large to be sent.
  await page.evaluate(`${await readFile(file, "utf8")}\n;undefined`);
}
