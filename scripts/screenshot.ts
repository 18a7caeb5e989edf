import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { addStyle } from "../tests/support/add-style.ts";
import { openPage } from "../tests/support/chromium.ts";
import { startGateway } from "../tests/support/start-gateway.ts";
import buildPlayer from "./build-player.ts";

const SIZES = [
  { width: 360, height: 740 },
  { width: 820, height: 1100 },
  { width: 1440, height: 900 },
] as const;

const PATIENCE_MS = 180_000;

/**
 * `node scripts/screenshot.ts film.mp4 [more films]`: the pictures of docs/screenshots, of a real
 * gateway that upscales these films. The first one is played; it should last a minute.
 */
const films = process.argv.slice(2).map((film) => resolve(film));
const [first] = films;
if (first === undefined) throw new Error("which film? node scripts/screenshot.ts film.mp4");
const target = fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
await mkdir(target, { recursive: true });
await buildPlayer();
await using folder = await makeTempFolder();
await using gateway = await startGateway({
  dataDir: join(folder.path, "data"),
  roots: [...new Set(films.map(dirname))].join(":"),
  env: { MODEL: "upreel-x2-live16x0-int8" },
});
const ids: string[] = [];
for (const film of films) ids.push((await gateway.trigger(film, titleOf(film))).id);
const [id = ""] = ids;
await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= 6, PATIENCE_MS);
await using opened = await openPage(gateway.url);
const { page } = opened;

await page.waitForFunction(
  `document.querySelectorAll(".film-grid img").length >= ${films.length}`,
  undefined,
  { timeout: PATIENCE_MS },
);
await shoot("films");
await page.goto(`${gateway.url}/#/jobs`);

await page.click(".opener");
await page.waitForSelector(".uplot");
// A plot of two points says nothing.
await page.waitForTimeout(12_000);
await shoot("dashboard");
await page.setViewportSize(SIZES[2]);
await page.goto(`${gateway.url}/watch/${id}`);
await page.waitForFunction(
  `(document.querySelector("[data-showing=upscaled] [data-picture=upscaled]")?.currentTime ?? 0) > 3`,
  undefined,
  { timeout: PATIENCE_MS },
);
await page.keyboard.press("k");
await addStyle(page, ".stage-play { display: none }");
await shoot("watch");
await page.goto(`${gateway.url}/watch/${id}/compare?t=3`);
await page.waitForSelector(".compare-stage[data-ready=true]", { timeout: PATIENCE_MS });
await shoot("compare");

/** At each size; the middle one in light colours. */
async function shoot(name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: size.width === 820 ? "light" : "dark" });
    await settle(page);
    const png = join(folder.path, "shot.png");
    await page.screenshot({ path: png });
    // 256 colours are enough to see it by, and a third of the size.
    const palette = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=sierra2_4a";
    const file = join(target, `${name}-${size.width}.png`);
    await runFfmpeg(["-y", "-i", png, "-vf", palette, "-frames:v", "1", file]);
  }
}

async function settle(page: Page): Promise<void> {
  await page.mouse.move(20, 300);
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => setTimeout(done, 400)))`);
}

function titleOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.[^.]*$/, "").replaceAll("_", " ");
}
