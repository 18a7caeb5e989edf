import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRecord } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp } from "../apps/gateway/src/testing/start-app.ts";
import { axeFindings } from "./support/accessibility.ts";
import { openPage } from "./support/chromium.ts";

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
