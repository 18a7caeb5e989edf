import { accessSync } from "node:fs";
import puppeteer, { type Page } from "puppeteer-core";

/** What has not come by then hangs, on a machine that is slow and busy, too. */
const LONGEST_MS = 240_000;

/** Debian's, which Playwright's own protocol does not fit: it is driven by WebDriver BiDi, the standard. */
const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Where Firefox lies; undefined where there is none. */
export const FIREFOX = PLACES.find((path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
});

/** A page in a Firefox of its own, with the errors of its scripts. */
export interface FirefoxPage extends AsyncDisposable {
  readonly page: Page;
  readonly problems: string[];
}

export async function openInFirefox(url: string): Promise<FirefoxPage> {
  const browser = await puppeteer.launch({
    ...{ browser: "firefox", executablePath: FIREFOX ?? "firefox", headless: true },
    ...{ timeout: LONGEST_MS, protocolTimeout: LONGEST_MS },
    // Films may begin with sound, as after a click.
    extraPrefsFirefox: { "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0 },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(LONGEST_MS);
  const problems: string[] = [];
  page.on("pageerror", (error) => void problems.push(String(error)));
  await page.goto(url);
  return { page, problems, [Symbol.asyncDispose]: () => browser.close() };
}
