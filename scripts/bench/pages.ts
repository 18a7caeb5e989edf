import { loadavg } from "node:os";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { openPage } from "../../tests/support/chromium.ts";
import { startGateway } from "../../tests/support/start-gateway.ts";
import buildPlayer from "../build-player.ts";
import { DOUBLED, makeFilm } from "./film.ts";
import { printRows, type Row } from "./print-rows.ts";

const PATIENCE = { timeout: 180_000 };

/** What a viewer waits for between a click on the shelf and a picture, and how much a page loads first. */
export async function benchPages(seconds: number, json: boolean): Promise<void> {
  await buildPlayer();
  await using folder = await makeTempFolder();
  await makeFilm(join(folder.path, "film.mp4"), seconds);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { ...DOUBLED, KEEP_UP: "on" },
  });
  await using opened = await openPage("about:blank");
  const { page } = opened;
  const loaded = await countBytes(page);
  await page.goto(gateway.url);
  await page.locator(".film-grid .film-link").first().waitFor(PATIENCE);
  const rows: Row[] = [["first load of the shelf", loaded() / 1000, "kB"]];

  const fresh = await openFilm(page);
  rows.push([
    "fresh film: click → original picture",
    await untilSeen(page, "original", fresh),
    "s",
  ]);
  rows.push([
    "fresh film: click → upscaled picture",
    await untilSeen(page, "upscaled", fresh),
    "s",
  ]);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.goto(gateway.url);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const finished = await openFilm(page);
  const seen = await untilSeen(page, "upscaled", finished);
  rows.push(["finished film: click → upscaled picture", seen, "s"]);
  rows.push(["load of the machine meanwhile, one minute's average", loadavg()[0] ?? 0, ""]);
  printRows("Pages in Chromium", `a film of ${seconds} s, 640×360`, rows, json);
}

/** Clicks the one film of the shelf; gives when, in milliseconds. */
async function openFilm(page: Page): Promise<number> {
  const film = page.locator(".film-grid .film-link").first();
  await film.waitFor(PATIENCE);
  const at = performance.now();
  await film.click();
  return at;
}

/** Seconds from `sinceMs` until that film is in front and moves. */
async function untilSeen(page: Page, kind: string, sinceMs: number): Promise<number> {
  await page.waitForFunction(
    `(() => {
      const video = document.querySelector(".stage[data-showing=${kind}] video[data-picture=${kind}]");
      return video !== null && video.readyState >= 2 && video.currentTime > 0;
    })()`,
    undefined,
    { ...PATIENCE, polling: 20 },
  );
  return (performance.now() - sinceMs) / 1000;
}

/** Bytes that came over the line, as they were compressed. */
async function countBytes(page: Page): Promise<() => number> {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  let bytes = 0;
  line.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => bytes;
}
