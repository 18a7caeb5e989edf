import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { openPage } from "../../tests/support/chromium.ts";
import { costOfSliding } from "../../tests/support/slider-cost.ts";
import { startGateway } from "../../tests/support/start-gateway.ts";
import buildPlayer from "../build-player.ts";
import { printRows, type Row } from "./print-rows.ts";

const UPSCALED = `[data-showing="upscaled"] [data-picture="upscaled"]`;
/** Of ten seconds at sixty a second. */
const FRAMES = 600;
/** A picture of the screen that comes later than this was left out, at sixty a second. */
const LATE_MS = 25;

/** A slider of the player's look that moves while the film plays: how evenly pictures of the screen follow each other. */
export async function benchLook(json: boolean): Promise<void> {
  await buildPlayer();
  await using folder = await makeTempFolder();
  const clip = { width: 640, height: 360, rate: 24, seconds: 60 } as const;
  const film = await makeClip(join(folder.path, "film.mp4"), clip);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  await using opened = await openPage(`${gateway.url}/watch/${id}`);
  const { page } = opened;
  await page.waitForSelector(UPSCALED);
  await page.locator(".stage").hover();
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.waitForSelector(".look-part input");
  const rows: Row[] = [];
  // The first one is of brightness, which a browser shows by itself; the last one is a filter of nine products per pixel.
  for (const [name, slider] of [
    ["brightness", ".look-part:nth-of-type(1) input"],
    ["sharpness", ".look-part:nth-of-type(5) input"],
  ] as const) {
    const cost = await costOfSliding(page, { slider, picture: UPSCALED, frames: FRAMES });
    const gaps = cost.gapsMs.toSorted((a, b) => a - b);
    const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1_000;
    rows.push(
      [`${name}: pictures of the screen`, gaps.length / seconds, "/s"],
      [`${name}: gaps between them, p95`, gaps[Math.floor(gaps.length * 0.95)] ?? 0, "ms"],
      [`${name}: later than ${LATE_MS} ms`, gaps.filter((gap) => gap > LATE_MS).length, ""],
      [`${name}: works of layout that a script forced`, cost.forced, ""],
    );
  }
  printRows("A slider of the look in Chromium", "1280x720 by software", rows, json);
}
