import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tell, told } from "@upreel/core";
import type { Page } from "playwright-core";
import { encode } from "uqr";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { openPage } from "./support/chromium.ts";
import { cutTexts } from "./support/layout.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));
/** A browser that has found a Chromecast, which is taken as soon as it is asked for. */
const OTHER_SCREEN = `
  class Remote extends EventTarget {
    watchAvailability(tell) { tell(true); return Promise.resolve(1); }
    prompt() { this.dispatchEvent(new Event("connect")); return Promise.resolve(); }
  }
  Object.defineProperty(HTMLMediaElement.prototype, "remote", {
    get() { return (this.ownRemote ??= new Remote()); },
  });
`;
/** The most lines that the text of any such element takes. */
const linesOf = (page: Page, selector: string): Promise<number> =>
  page.evaluate(
    `Math.max(...[...document.querySelectorAll("${selector}")].map((element) => {
      const text = document.createRange();
      text.selectNodeContents(element.lastChild);
      return new Set([...text.getClientRects()].map(({ top }) => top)).size;
    }))`,
  );
const PHONE = { viewport: { width: 360, height: 740 } };
const TELEVISION = {
  userAgent: "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 Chrome/85.0 TV",
  viewport: { width: 1920, height: 1080 },
};

it("a link with the token signs in; the page can be installed, and shows other devices the way, with a code", async () => {
  const settings = { HOST: "127.0.0.2", API_TOKEN: "a long secret" };
  await using app = await startTestApp(settings, undefined, { pagesFolder: PAGES });
  await using opened = await openPage(`${app.url}/#token=a%20long%20secret`);
  const { page, problems } = opened;
  await page.getByText("No film yet").waitFor();
  expect(new URL(page.url()).hash).toBe("");
  // Nothing is lacking for a place on the home screen, but a window that is not a private one.
  const line = await page.context().newCDPSession(page);
  const { installabilityErrors } = await line.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
  await page.getByRole("button", { name: "Watch on another device" }).click();
  await page.locator(".qr-code path[d^=M]").waitFor();
  const { data } = encode(`${app.url}/#token=a%20long%20secret`, { border: 3 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
  const drawn = await page.locator(".qr-code path").getAttribute("d");
  expect(drawn?.match(/\d+ \d+(?=h)/g)).toEqual(dark);
  await page.getByRole("dialog").getByText(`${app.url}/`, { exact: true }).waitFor();
  expect(problems).toEqual([]);
});

it("a remote control reaches everything: films page by page, and all that is on the picture", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  for (let k = 0; k < 60; k++)
    await writeFile(join(app.films, `Film ${String(k).padStart(2, "0")}.mkv`), "no film");
  app.streams.put({ id: "one", title: "One", state: "running" });
  await using opened = await openPage(app.url, undefined, TELEVISION);
  const { page, problems } = opened;
  await page.locator(".film-grid .film-link").first().focus();
  // Readable at three metres: 24 px of 1080.
  const height = await page.locator(".film-name").first().boundingBox();
  expect(height?.height).toBeGreaterThan(24);
  const last = page.locator(".film-link", { hasText: "Film 59" });
  await expect
    .poll(async () => {
      await page.keyboard.press("ArrowDown");
      return last.count();
    })
    .toBe(1);

  await page.goto(`${app.url}/watch/one`);
  await page.locator(".controls").waitFor();
  const focused = (): Promise<unknown> =>
    page.evaluate("document.activeElement.getAttribute('aria-label')");
  // A page that is still coming up does not hear the first one.
  await expect
    .poll(async () => {
      await page.keyboard.press("ArrowDown");
      return focused();
    })
    .toMatch(/^(Play|Pause)$/);
  await page.keyboard.press("ArrowUp");
  await expect.poll(focused).toBe("Position");
  await page.keyboard.press("ArrowDown");
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).press("Enter");
  await page.locator(".play-menu :focus").waitFor();
  // From one choice to the next, which arrows of a keyboard do not leave.
  const isSpeed = page.locator("fieldset.short :focus");
  await expect
    .poll(async () => {
      await page.keyboard.press("ArrowDown");
      return isSpeed.count();
    })
    .toBe(1);
  await page.keyboard.press("Enter");
  await expect.poll(() => isSpeed.isChecked()).toBe(true);

  await page.goto(`${app.url}/#/jobs`);
  await page.getByRole("button", { name: "Choose a film" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /films$/ }).press("Enter");
  await dialog.getByRole("button", { name: /Film 00/ }).press("Enter");
  const best = dialog.getByRole("radio", { name: /Best/ });
  await best.press("Enter");
  await expect.poll(() => best.isChecked()).toBe(true);
  expect(app.streams.triggered).toEqual([]);
  const begin = dialog.getByRole("button", { name: "Start", exact: true });
  const isAtStart = begin.and(page.locator(":focus"));
  await expect
    .poll(async () => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      return isAtStart.count();
    })
    .toBe(1);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(app.streams.triggered).toMatchObject([{ profile: { model: "best" } }]);
  expect(problems).toEqual([]);
});

it("the pages speak the language of the browser, from right to left where that is so, or the chosen one", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  app.streams.put({ id: "one", title: "One", state: "running" });
  await using opened = await openPage(app.url, undefined, { locale: "ar-EG", ...PHONE });
  const { page, problems } = opened;
  await page.getByRole("heading", { name: "الأفلام" }).waitFor();
  const excess = (): Promise<unknown> =>
    page.evaluate("document.documentElement.scrollWidth - innerWidth");
  for (const [path, control] of [
    ["#/films", "[aria-label='ابحث في الأفلام']"],
    ["#/jobs", "text=اختر فيلمًا"],
    ["watch/one", ".controls [aria-label]"],
  ] as const) {
    await page.goto(`${app.url}/${path}`);
    await page.locator(control).first().waitFor();
    expect([path, await page.evaluate("document.documentElement.dir"), await excess()]).toEqual([
      ...[path, "rtl", 0],
    ]);
  }
  await page.goto(`${app.url}/#/settings`);
  await page.getByLabel("اللغة").selectOption("de");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  await page.goto(`${app.url}/watch/one`);
  await page.locator(".controls").waitFor();
  // All controls are on the picture, however long their words.
  const full = await page.getByRole("button", { name: "Vollbild" }).boundingBox();
  expect((full?.x ?? 999) + (full?.width ?? 999)).toBeLessThanOrEqual(360);
  expect(await page.evaluate("document.documentElement.dir")).toBe("ltr");
  await page.keyboard.press("?");
  await page.locator("kbd").first().waitFor();
  expect(await linesOf(page, "kbd")).toBe(1);
  // The longest words are German: they are neither cut nor broken, nor is the page wider than its window, also one that
  // was wider before.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${app.url}/#/jobs`);
  await page.locator(".opener").click();
  await page.locator(".uplot").waitFor();
  await page.setViewportSize(PHONE.viewport);
  await expect.poll(excess).toBe(0);
  app.streams.put({ id: "one", title: "One", state: "complete" });
  await page.getByRole("button", { name: "Mit allen Tonspuren" }).waitFor();
  expect(await cutTexts(page)).toEqual([]);
  await page.setViewportSize({ width: 820, height: 1100 });
  expect(await cutTexts(page)).toEqual([]);
  expect([await linesOf(page, ".tabs span"), await linesOf(page, ".brand")]).toEqual([1, 1]);
  expect(problems).toEqual([]);
});

it("the player goes to another screen where there is one, and says why a subtitle is missing", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  app.streams.put({ id: "one", title: "One", state: "running" });
  await using opened = await openPage("about:blank", OTHER_SCREEN);
  const { page, problems } = opened;
  const subtitle = {
    index: 2,
    codec: "xsub",
    name: "English",
    language: "en",
    drawn: null,
  };
  const why = told("track_pictures", { codec: "xsub" });
  const reason = { reason: tell(why), reason_told: why };
  const subtitles = [{ ...subtitle, is_default: false, is_forced: false, ...reason, url: null }];
  await page.route("**/tracks/one", (route) => route.fulfill({ json: { subtitles } }));
  await page.goto(`${app.url}/watch/one`);
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.getByText("English: These subtitles are pictures (xsub), not text.").waitFor();
  // By an address that means this machine alone no screen would find the film.
  const cast = page.getByRole("button", { name: "Play on another screen" });
  expect(await cast.count()).toBe(0);
  await page.goto(`${app.url.replace("127.0.0.1", "nas.localhost")}/watch/one`);
  await cast.click();
  await page.getByText("Playing on another screen").waitFor();
  await page.getByRole("button", { name: "Choose a screen, or play here again" }).waitFor();
  expect(problems).toEqual([]);
});
