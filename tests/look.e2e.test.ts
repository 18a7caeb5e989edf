import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openPage } from "./support/chromium.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { costOfSliding } from "./support/slider-cost.ts";
import { startGateway } from "./support/start-gateway.ts";

const UPSCALED = `[data-showing="upscaled"] [data-picture="upscaled"]`;

const CLIP = {
  // It is not over while its quality is changed.
  ...{ width: 160, height: 90, rate: 12, seconds: 150 },
  // Grain: the same picture at fewer bits is worth it.
  extraArgs: ["-vf", "noise=alls=22:allf=t"],
};
/** Segments, of 75, that are upscaled of a film which is not upscaled to its end. */
const MADE = 35;

/** CSS filter of the picture that is seen. */
const filterOf = (page: Page) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${UPSCALED}')).filter`);
const openMenu = async (page: Page): Promise<void> => {
  await page.waitForSelector(UPSCALED);
  await page.locator(".stage").hover();
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.waitForSelector(".play-menu");
};

it("the viewer's look is seen while a slider moves, kept for all films, and lower qualities are chosen in the same menu", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), CLIP);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2", LADDER: "on" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  await using opened = await openPage(`${gateway.url}/watch/${id}`);
  const { page, problems } = opened;
  await openMenu(page);
  await expect.poll(() => filterOf(page)).toBe("none");
  await page.getByRole("button", { name: "Vivid" }).click();
  await expect.poll(() => filterOf(page)).toContain("saturate(");
  const slider = page.getByRole("slider", { name: "Sharpness" });
  await slider.fill("40");
  await expect.poll(() => filterOf(page)).toContain("#look-sharpen");
  const kernel = `document.querySelector("#look-sharpen feConvolveMatrix").getAttribute("kernelMatrix")`;
  await expect.poll(() => page.evaluate(kernel)).toBe("0 -0.400 0 -0.400 2.600 -0.400 0 -0.400 0");
  await page.waitForSelector('[aria-pressed="false"]:text-is("Vivid")');

  const lines = `document.querySelector('${UPSCALED}')?.videoHeight`;
  await page.waitForFunction(`${lines} === 180`);
  const isLean = page.waitForResponse(/lower\/180p-lean\/0/);
  await page.getByRole("radio", { name: "180p, saves data" }).check();
  expect((await isLean).status()).toBe(200);
  await page.getByRole("radio", { name: /^90p/ }).check();
  await page.waitForFunction(`${lines} === 90`);
  await page.getByRole("radio", { name: /^180p ·/ }).check();
  await page.waitForFunction(`${lines} === 180`);

  await page.reload();
  await openMenu(page);
  await expect.poll(() => filterOf(page)).toContain("#look-sharpen");
  await page.getByRole("button", { name: "As it is" }).click();
  await expect.poll(() => filterOf(page)).toBe("none");

  const picture = '[data-picture="upscaled"]';
  await page.evaluate(`document.querySelector('${picture}').pause()`);
  const cost = await costOfSliding(page, { slider: ".look-part input", picture, frames: 60 });
  expect(cost.forced).toBe(0);
  // One for each picture of the screen, and what was still to come of the first.
  expect(cost.writes).toBeGreaterThan(30);
  expect(cost.writes).toBeLessThanOrEqual(cost.frames + 1);
  // The pictures and the slider, and not what is around them.
  expect(cost.styled).toBeLessThan(20);
  expect(problems).toEqual([]);
});

it("a film that is still being made is played at fewer bits from its first segment on, once that was chosen, and after a switch", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), CLIP);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2", FFMPEG: await pacedFfmpeg(folder.path, 3) },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= MADE);
  await gateway.post(`/streams/${id}/pause`);
  expect(await gateway.status(id)).toMatchObject({ state: "paused" });
  await using opened = await openPage(`${gateway.url}/watch/${id}`);
  const { page, problems } = opened;
  /** Where the segments of the upscaled film were asked for. */
  let folders: string[] = [];
  page.on("request", (request) => {
    const [, name] = /\/(segments|lower\/[^/]+)\/\d+\.ts/.exec(request.url()) ?? [];
    if (name !== undefined) folders.push(name);
  });
  const lean = "lower/180p-lean";
  const choose = (name: string | RegExp) => page.getByRole("radio", { name }).check();

  // What is made is not played to its end meanwhile.
  await page.waitForSelector(UPSCALED);
  await page.keyboard.press("k");
  await openMenu(page);
  await choose("180p, saves data");
  await expect.poll(() => folders.at(-1)).toBe(lean);

  folders = [];
  await page.reload();
  await page.waitForSelector(UPSCALED);
  await page.keyboard.press("k");
  await expect.poll(() => folders.length).toBeGreaterThan(3);
  await page.keyboard.press("u");
  await page.waitForSelector('[data-showing="original"]');
  // Nothing is loaded of it there.
  await page.keyboard.press("3");
  await page.keyboard.press("u");
  await page.waitForSelector(UPSCALED);
  expect([...new Set(folders)]).toEqual([lean]);

  await openMenu(page);
  await choose(/^180p ·/);
  await expect.poll(() => folders.at(-1)).toBe("segments");
  await choose("180p, saves data");
  await expect.poll(() => folders.at(-1)).toBe(lean);
  // Of a film that is not finished, it is no answer to a slow connection.
  await choose("As the connection allows");
  await expect.poll(() => folders.at(-1)).not.toBe(lean);
  expect(problems).toEqual([]);
});
