import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { filmSegmentsSchema } from "@upreel/core";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { writePlugin } from "../packages/scan/src/testing/write-plugin.ts";
import { axeFindings } from "./support/accessibility.ts";
import { openPage } from "./support/chromium.ts";
import { cutTexts } from "./support/layout.ts";
import { RECORD_SESSION } from "./support/media-session.ts";
import { startGateway } from "./support/start-gateway.ts";

const EPISODE = { width: 128, height: 72, rate: 24, seconds: 12 } as const;
/** Finds credits that begin long before the next film would be offered for the film's own end, and last until there. */
const CREDITS = `
const credits = ({ fileId, duration }) => ({ fileId, role: "credits", startTime: 2, endTime: duration });
methods["mediaScan.scanBatch"] = (id, { files }) => answer(id, { chapters: files.map(credits) });
begin()`;

/** A gateway with the first episode of a season upscaled. */
async function openSeason(others: readonly number[]) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const [dataDir, roots] = [join(folder.path, "data"), join(folder.path, "films")];
  const season = join(roots, "Show", "Season 1");
  await mkdir(season, { recursive: true });
  const episode = (number: number) => makeClip(join(season, `Show S01E0${number}.mp4`), EPISODE);
  const first = await episode(1);
  for (const number of others) await episode(number);
  const gateway = stack.use(await startGateway({ dataDir, roots }));
  const { id } = await gateway.trigger(first, "Show S01E01");
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const owned = stack.move();
  return {
    ...{ dataDir, first, episode, id, url: gateway.url },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const offerOf = (page: Page, title: string) =>
  page.getByRole("status").filter({ hasText: `Next: ${title}` });

it("at the end of an episode the next one is offered, which came while it was watched; taken, it plays", async () => {
  // The one after the next is there before: it must not be offered in its place.
  await using season = await openSeason([3]);
  await using opened = await openPage(`${season.url}/#/films`);
  const { page, problems } = opened;
  // All films have been looked through, and will not be again for a while.
  await page.locator(".film-name", { hasText: "Show S01E03" }).first().waitFor();
  await season.episode(2);

  await page.goto(`${season.url}/watch/${season.id}`);
  await page.waitForFunction(`(() => {
    const stage = document.querySelector(".stage");
    return stage?.querySelector("[data-picture=" + stage.dataset.showing + "]")?.ended;
  })()`);
  const offer = offerOf(page, "Show S01E02");
  await offer.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await cutTexts(page)).toEqual([]);

  // Why it cannot be started is told there, and the next click tries it again.
  await page.route("**/upscale-trigger", (route) => route.abort(), { times: 1 });
  const play = offer.getByRole("button", { name: "Play it" });
  await play.click();
  await offer.getByRole("alert").waitFor();
  await play.click();
  await page.waitForURL(
    (url) => /\/watch\/\w+$/.test(url.pathname) && !url.pathname.includes(season.id),
  );
  await page.getByRole("heading", { name: "Show S01E02" }).waitFor();
  await page.waitForFunction(
    `[...document.querySelectorAll("video")].some(({ currentTime }) => currentTime > 0.5)`,
  );
  expect(problems).toEqual([]);
});

it("credits that last until the end offer the next film when they begin", async () => {
  await using season = await openSeason([2]);
  await writePlugin(join(season.dataDir, "plugins"), "marker", CREDITS);
  const turnOff = { method: "PUT", body: '{"is_enabled": false}' };
  for (const builtIn of ["intro-credits", "film-facts"])
    await fetch(`${season.url}/plugins/${builtIn}`, turnOff);
  const wanted = { method: "POST", body: JSON.stringify({ path: season.first }) };
  expect((await fetch(`${season.url}/scans`, wanted)).status).toBe(202);
  await eventually("the credits", async () => {
    const answer = await fetch(`${season.url}/segments/${season.id}`);
    return filmSegmentsSchema.parse(await answer.json()).segments.length === 1;
  });
  await using opened = await openPage(`${season.url}/watch/${season.id}`, RECORD_SESSION);
  const { page, problems } = opened;
  await page.waitForFunction("window.session.actions.pause && window.session.actions.seekto");
  await page.evaluate("window.session.actions.pause()");
  await page.evaluate("window.session.actions.seekto({ seekTime: 1 })");
  await page.waitForSelector(".stage-play");
  expect(await offerOf(page, "Show S01E02").count()).toBe(0);
  await page.evaluate("window.session.actions.seekto({ seekTime: 3 })");
  await offerOf(page, "Show S01E02").waitFor();
  expect(problems).toEqual([]);
});
