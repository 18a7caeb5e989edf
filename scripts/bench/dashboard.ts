import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestApp } from "../../apps/gateway/src/testing/start-app.ts";
import { FILMS, frameGap, pageSize, tellOfFilms } from "../../tests/support/busy-dashboard.ts";
import { openPage } from "../../tests/support/chromium.ts";
import buildPlayer from "../build-player.ts";
import { printRows, type Row } from "./print-rows.ts";

const PAGES = fileURLToPath(new URL("../../apps/player/dist", import.meta.url));
/** How many times faster the page's clock goes, so that its plots fill as in hours. */
const CLOCK_FACTOR = 120;
const FAST_CLOCK = `{
  const { now } = Date;
  const began = now();
  Date.now = () => began + (now() - began) * ${CLOCK_FACTOR};
}`;
/** As many events as fit between two pictures of the screen. */
const ROUND_MS = 16;

/** The dashboard with fifty films at work: how smooth it is, and whether it grows in hours. */
export async function benchDashboard(seconds: number, json: boolean): Promise<void> {
  await buildPlayer();
  await using app = await startTestApp({}, undefined, { pagesFolder: PAGES });
  tellOfFilms(app, 0);
  await using opened = await openPage(`${app.url}/#/jobs`, FAST_CLOCK);
  const { page } = opened;
  await page.waitForSelector(`.stream:nth-child(${FILMS})`);
  await page.click(".opener");
  await page.waitForSelector(".uplot");
  let round = 0;
  const usual = setInterval(() => tellOfFilms(app, ++round), 250);
  const gap = await frameGap(page);
  clearInterval(usual);
  const sizes: Row[] = [];
  const began = performance.now();
  const note = async (): Promise<void> => {
    const { heapBytes } = await pageSize(page);
    const hours = ((performance.now() - began) / 3_600_000) * CLOCK_FACTOR;
    sizes.push([`heap after ${hours.toFixed(1)} h of the page's clock`, heapBytes / 1e6, "MB"]);
  };
  for (let quarter = 0; quarter <= 4; quarter++) {
    await note();
    const end = performance.now() + (seconds * 1000) / 4;
    while (quarter < 4 && performance.now() < end) {
      tellOfFilms(app, ++round);
      await sleep(ROUND_MS);
    }
  }
  const rows: Row[] = [
    ["pictures of the screen, p95 of the gaps", gap, "ms"],
    ...sizes,
    ["events told", round * FILMS, ""],
  ];
  printRows("The dashboard in Chromium", `${FILMS} films`, rows, json);
}
