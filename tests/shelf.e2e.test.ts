import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filmsAnswerSchema } from "@upreel/core";
import { makeRecord } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { axeFindings } from "./support/accessibility.ts";
import { FILMS } from "./support/busy-dashboard.ts";
import { openPage } from "./support/chromium.ts";
import { layoutShift, RECORD_SHIFTS } from "./support/layout.ts";

const PAGES = fileURLToPath(new URL("../apps/player/dist", import.meta.url));
const PLACES = [["half-seen", 300]];
/** Of a browser in which a film was left in the middle. */
const LEFT_IN_THE_MIDDLE = `localStorage.setItem("upreel.watch", '${JSON.stringify({ places: PLACES })}');`;

it("the shelf has what is to be continued and what is new, is searched, sorted and filtered by hand, and a click plays", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  const add = async (name: string, day: number): Promise<string> => {
    const path = join(app.films, name);
    await writeFile(path, "no film");
    await utimes(path, day, day);
    return path;
  };
  await mkdir(join(app.films, "Show"));
  for (let k = 10; k < 22; k++) await add(`Film ${k}.mkv`, k);
  await add("Show/Pilot.mkv", 99);
  const path = await add("Alien (1979).mkv", 1);
  const file = { path, sizeBytes: 7, modifiedMs: 1_000 };
  await app.streams.records.save(makeRecord({ id: "half-seen", file }));
  app.streams.put({
    id: "half-seen",
    film: "alien",
    title: "Alien",
    state: "complete",
    plain: true,
  });
  // The same film in another quality, which plays from now on.
  await app.streams.records.save(makeRecord({ id: "better", file }));
  app.streams.put({ id: "better", film: "alien", title: "Alien", state: "complete" });

  await using opened = await openPage(app.url, LEFT_IN_THE_MIDDLE);
  const { page, problems } = opened;
  const row = (title: string) =>
    page.locator(".film-section").filter({ has: page.getByRole("heading", { name: title }) });
  const alien = row("Continue watching").locator(".film", { hasText: "Alien" });
  await alien.waitFor();
  expect(await row("Continue watching").locator(".film").count()).toBe(1);
  expect(await alien.locator("a").getAttribute("href")).toMatch(/watch\/better$/);
  await alien.getByRole("button", { name: "2 versions" }).click();
  const dialog = page.getByRole("dialog", { name: "Alien" });
  await dialog.getByText("Ready, only enlarged").waitFor();
  await dialog
    .getByRole("button", { name: /^Delete: Alien/ })
    .first()
    .waitFor();
  expect(await dialog.getByRole("link", { name: "Play" }).count()).toBe(2);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect
    .poll(() => row("Recently added").locator(".film-name").allTextContents())
    .toContain("Pilot");
  const grid = page.locator(".film-grid .film-name");
  const names = () => grid.allTextContents();
  await expect.poll(async () => (await names())[0]).toBe("Alien");
  await page.getByLabel("Sort by").selectOption("added");
  await expect.poll(async () => (await names())[0]).toBe("Pilot");
  await page.getByLabel("Show", { exact: true }).selectOption("ready");
  await expect.poll(names).toEqual(["Alien"]);
  await page.getByLabel("Show", { exact: true }).selectOption("all");
  await page.getByRole("button", { name: /^Show 1/ }).click();
  await expect.poll(names).toEqual(["Pilot"]);
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByLabel("Search films").fill("film 13");
  await expect.poll(names).toEqual(["Film 13"]);
  await grid.click();
  await page.waitForURL(/\/watch\/abc$/);
  expect(app.streams.triggered).toMatchObject([{ title: "Film 13" }]);
  expect(problems).toEqual([]);
});

it("fifty films are asked for page by page, and none of them moves another one", async () => {
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  for (let k = 0; k < FILMS; k++)
    await writeFile(join(app.films, `Film ${String(k).padStart(2, "0")}.mkv`), "no film");
  await expect
    .poll(async () => {
      const answer: unknown = await (await fetch(`${app.url}/films`)).json();
      const { total, pending, is_scanning: isScanning } = filmsAnswerSchema.parse(answer);
      return { total, pending, isScanning };
    })
    .toEqual({ total: FILMS, pending: 0, isScanning: false });
  await using opened = await openPage("about:blank", RECORD_SHIFTS);
  const { page, problems } = opened;
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/films")
      asked.push(`${searchParams.get("sort")} ${searchParams.get("offset") ?? 0}`);
  });
  await page.goto(app.url);
  const films = page.locator(".film-grid .film");
  await films.first().waitFor();
  await page.evaluate("scrollTo(0, document.body.scrollHeight)");
  await expect.poll(() => films.count()).toBe(FILMS);
  // What is new, and both pages of all: none once more for each film.
  expect(new Set(asked)).toEqual(new Set(["added 0", "title 0", "title 48"]));
  // A few for each of the fifty and of those that are new.
  const elements = await page.evaluate<number>("document.querySelectorAll('.film *').length");
  expect(elements).toBeLessThan(15 * 2 * FILMS);
  // What browsers call good.
  expect(await layoutShift(page)).toBeLessThan(0.1);
  expect(problems).toEqual([]);
});
