import { loadavg } from "node:os";
import { makeTempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { openPage } from "../../tests/support/chromium.ts";
import buildPlayer from "../build-player.ts";
import {
  jumpSteps,
  openFilm,
  openGateway,
  PATIENCE,
  switchSteps,
  untilMoves,
} from "./page-steps.ts";
import { printRows, type Row } from "./print-rows.ts";

/**
 * What a viewer waits for between a click on the shelf and a picture, between the original and the upscaled picture, after a
 * jump and after a restart of the gateway; and how much a page loads first.
 */
export async function benchPages(seconds: number, json: boolean): Promise<void> {
  await buildPlayer();
  await using folder = await makeTempFolder();
  await using opened = await openPage("about:blank");
  const { page } = opened;
  const rows = [
    ...(await clickSteps(page, folder.path, seconds)),
    ...(await jumpSteps(page, folder.path)),
  ];
  rows.push(["load of the machine meanwhile, one minute's average", loadavg()[0] ?? 0, ""]);
  printRows("Pages in Chromium", `a film of ${seconds} s, 640×360`, rows, json);
}

/** From the first load of the shelf to a finished film. */
async function clickSteps(page: Page, folder: string, seconds: number): Promise<Row[]> {
  const { gateway } = await openGateway(folder, "clicks", seconds);
  await using _closed = gateway;
  const loaded = await countBytes(page);
  await page.goto(gateway.url);
  await page.locator(".film-grid .film-link").first().waitFor(PATIENCE);
  const rows: Row[] = [["first load of the shelf", loaded() / 1000, "kB"]];
  const fresh = await openFilm(page);
  for (const kind of ["original", "upscaled"]) {
    const seen = await untilMoves(page, fresh, { kind });
    rows.push([`fresh film: click → ${kind} picture`, seen, "s"]);
  }
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.goto(gateway.url);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const finished = await untilMoves(page, await openFilm(page), { kind: "upscaled" });
  rows.push(["finished film: click → upscaled picture", finished, "s"]);
  return [...rows, ...(await switchSteps(page))];
}

/** Bytes that came over the line, as they were compressed. */
async function countBytes(page: Page): Promise<() => number> {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  let bytes = 0;
  line.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => bytes;
}
