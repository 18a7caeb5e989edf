import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { waitWithoutEval } from "./wait-without-eval.ts";

/** What has not come by then hangs, on a machine that is slow and busy, too. */
const LONGEST_MS = 240_000;

/**
 * Chromium's own complaint that it left out its fade from one page to the next, since a slow one was seen before it;
 * no page can catch it: https://github.com/w3c/csswg-drafts/issues/13726
 */
const LEFT_OUT_FADE = /^InvalidStateError: Transition was aborted because of invalid state/;

/** What Chromium says of each thing that the page's policy forbids. */
const POLICY = "Content Security Policy";

/** Flags for a Chromium without a display, a sandbox or any network use of its own. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/** A page with the errors of its scripts; goes with all that it kept. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly problems: string[];
}

export interface OpenedBrowser extends AsyncDisposable {
  /** A page of a viewer who was never here before; `script` runs before those of the page. */
  open(url: string, script?: string, context?: BrowserContextOptions): Promise<OpenedPage>;
}

/** A real Chromium for many pages. */
export async function openBrowser(): Promise<OpenedBrowser> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: CHROMIUM_FLAGS,
    timeout: LONGEST_MS,
  });
  return {
    async open(url, script, options) {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(LONGEST_MS);
      const page = await context.newPage();
      const problems: string[] = [];
      page.waitForFunction = waitWithoutEval(page);
      page.on("console", (message) => {
        if (message.text().includes(POLICY)) problems.push(message.text());
      });
      page.on("pageerror", (error) => {
        if (!LEFT_OUT_FADE.test(String(error))) problems.push(String(error));
      });
      if (script !== undefined) await page.addInitScript(script);
      await page.goto(url);
      const close = async (): Promise<void> => {
        // Left as a viewer leaves it, it tells the gateway; one that is only gone counts as a viewer for minutes.
        await page.goto("about:blank").catch(() => undefined);
        await context.close();
      };
      return { page, problems, [Symbol.asyncDispose]: close };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** A page in a Chromium of its own. */
export async function openPage(
  url: string,
  script?: string,
  context?: BrowserContextOptions,
): Promise<OpenedPage> {
  const browser = await openBrowser();
  const opened = await browser.open(url, script, context);
  return { ...opened, [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose]() };
}
