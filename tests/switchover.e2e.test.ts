import { access } from "node:fs/promises";
import { join } from "node:path";
import type { StreamStatus } from "@upreel/core";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage } from "./support/chromium.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { makeStampedFilm, RECORD_FRAMES, type SeenFrame } from "./support/stamped-film.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import {
  framesApart,
  framesOf,
  seenFor,
  showing,
  somethingSeen,
  swapsOf,
} from "./support/swaps.ts";
import { tabTo } from "./support/tab-to.ts";

const RATE = 24;
const TOTAL_SECONDS = 300;
/** A film that stands for longer at a change hangs. */
const LONGEST_STAND_MS = 60_000;

describe("the page that plays", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let id: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const path = await makeStampedFilm(join(folder.path, "stamped.mkv"), {
      ...{ width: 160, height: 90, seconds: TOTAL_SECONDS },
    });
    gateway = await startGateway({
      dataDir: join(folder.path, "data"),
      roots: folder.path,
      // Still at work while the tests look at it.
      env: { FFMPEG: await pacedFfmpeg(folder.path, 8), HLS_SEGMENT_TIME: "1" },
    });
    ({ id } = await gateway.trigger(path));
    await gateway.post(`/streams/${id}/pause`);
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it("what the original begins with is made while its page loads, which asks for nothing that it could have asked for before", async () => {
    // So long that it is not made before it is paused.
    const clip = { width: 96, height: 54, rate: 12, seconds: 300 };
    const answer = await gateway.trigger(await makeClip(join(folder.path, "fresh.mkv"), clip));
    expect((await fetch(answer.player_url)).status).toBe(200);
    const made = join(folder.path, "data", "streams", answer.id, "renditions");
    await eventually("the first pictures", () => isThere(join(made, "original", "000000.ts")));
    await eventually("the first sound", () =>
      isThere(join(made, "audio", "1-stereo", "000000.ts")),
    );

    await gateway.post(`/streams/${answer.id}/pause`);
    await using opened = await openPage("about:blank");
    const { page } = opened;
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
    const playlist = page.waitForRequest(/original\.m3u8/);
    await page.route(/\/tracks\//, async (route) => {
      await playlist;
      await route.continue();
    });
    await page.goto(answer.player_url);
    await page.waitForFunction(
      `document.querySelector("[data-picture=original]")?.currentTime > 0`,
    );
    const placeOf = (path: RegExp): number => asked.findIndex((each) => path.test(each));
    expect(placeOf(/\/assets\/hls-/)).toBeGreaterThan(0);
    expect(placeOf(/\/assets\/hls-/)).toBeLessThan(placeOf(/\/events/));
  });

  it("the original starts at once; the upscaled film takes over at the same frame, and back", async () => {
    await using opened = await openPage(`${gateway.url}/watch/${id}`, RECORD_FRAMES);
    const { page, problems } = opened;
    await somethingSeen(page);
    expect((await framesOf(page)).find(({ isSeen }) => isSeen)?.picture).toBe("original");

    // Its viewer waits meanwhile: on a busy machine a film is made no faster than it is watched.
    await page.keyboard.press("k");
    const enough = (await positionOf(page)) + 30;
    await gateway.post(`/streams/${id}/resume`);
    await eventually(
      "enough is made",
      async () => endOf((await gateway.status(id)).ready_ranges) >= enough,
    );
    await gateway.post(`/streams/${id}/pause`);
    await page.keyboard.press("k");
    await showing(page, "upscaled");
    await seenFor(page, 15);
    const over = await swapsOf(page, RATE);
    expect(over).toMatchObject([{ from: "original", to: "upscaled", wasPrepared: true }]);
    const again = async (): Promise<void> => {
      await changeTo(page, "original");
      await changeTo(page, "upscaled");
      await beAutomatic(page);
    };
    expect(await framesApart(page, RATE, again)).toBeLessThanOrEqual(1);

    // It stands still: a seek to where nothing is made yet shows the original there.
    const edge = endOf((await gateway.status(id)).ready_ranges);
    expect(edge).toBeLessThan(TOTAL_SECONDS - 20);
    await clickAt(page, edge + 15);
    await showing(page, "original");
    await seenFor(page, 5);
    const isPast = ({ isSeen, stamp }: SeenFrame): boolean =>
      isSeen && stamp / RATE > edge + 13 && stamp / RATE < edge + 20;
    expect((await framesOf(page)).some(isPast)).toBe(true);

    // By hand to what is made, automatic again: at its edge the original goes on.
    const overTheEdge = async (): Promise<void> => {
      // At rest until it is shown: behind the edge it could not be.
      await page.keyboard.press("k");
      await clickAt(page, edge - 3);
      await page.keyboard.press("u");
      await showing(page, "upscaled");
      await page.keyboard.press("k");
      await beAutomatic(page);
      await showing(page, "original");
      await seenFor(page, 15);
    };
    await overTheEdge();
    expect(await framesApart(page, RATE, overTheEdge)).toBeLessThanOrEqual(1);
    const back = (await swapsOf(page, RATE)).at(-1);
    expect(back).toMatchObject({ from: "upscaled", to: "original" });
    expect(back?.lastStamp).toBeGreaterThan((edge - 1.5) * RATE);

    // It goes on: the upscaled film comes back by itself, at the same frame.
    await gateway.post(`/streams/${id}/resume`);
    await showing(page, "upscaled");
    await seenFor(page, 15);
    expect(await framesApart(page, RATE, again)).toBeLessThanOrEqual(1);
    const all = await swapsOf(page, RATE);
    expect(Math.max(...all.map(({ standMs }) => standMs))).toBeLessThan(LONGEST_STAND_MS);
    expect(problems).toEqual([]);
  });

  it("everything can be reached and done by keyboard alone", async () => {
    await using opened = await openPage(gateway.url, RECORD_FRAMES);
    const { page, problems } = opened;
    await page.waitForSelector(".film-link");
    await tabTo(page, ".film-link");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".stage");
    await somethingSeen(page);
    await page.keyboard.press("k");
    await page.waitForSelector(".stage-play");
    await page.keyboard.press("5");
    await page.waitForFunction(
      `Math.abs(document.querySelector(".seek").ariaValueNow - ${TOTAL_SECONDS / 2}) <= 1`,
    );
    await tabTo(page, ".seek");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      `Math.abs(document.querySelector(".seek").ariaValueNow - ${TOTAL_SECONDS / 2 + 5}) <= 1`,
    );
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await tabTo(page, "[aria-label='Picture, audio and subtitles']");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".play-menu");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    expect(problems).toEqual([]);
    const kept = await page.evaluate<string>(`localStorage.getItem("upreel.watch")`);
    expect(JSON.parse(kept)).toMatchObject({ wish: "ask" });
  });
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Where a run begins depends on where the viewer is by then: there may be holes before. */
const endOf = (ready: StreamStatus["ready_ranges"]): number => ready.at(-1)?.[1] ?? 0;

const positionOf = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const { showing } = document.querySelector(".stage").dataset;
    return document.querySelector("[data-picture=" + showing + "]").currentTime;
  })()`);

/** By hand. */
async function changeTo(page: Page, picture: "original" | "upscaled"): Promise<void> {
  await page.keyboard.press("u");
  await showing(page, picture);
  await seenFor(page, 15);
}

async function beAutomatic(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
  await page.getByRole("group", { name: "Picture" }).getByLabel("Automatic").check();
  await page.keyboard.press("Escape");
}

/** Clicks on the seek bar at a time of the film. */
async function clickAt(page: Page, seconds: number): Promise<void> {
  const box = await page.locator(".seek").boundingBox();
  if (box === null) throw new Error("no seek bar");
  await page.mouse.click(box.x + (box.width * seconds) / TOTAL_SECONDS, box.y + box.height / 2);
}
