import { rm } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type OpenedBrowser } from "./support/chromium.ts";
import { holdBack, letHurry, pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway, type GatewayOptions, type RunningGateway } from "./support/start-gateway.ts";

const CLIP = { width: 128, height: 72, rate: 24, seconds: 60 } as const;
const X265 = ["-preset", "ultrafast", "-x265-params", "log-level=error"];
const VP8 = ["-deadline", "realtime", "-cpu-used", "8", "-c:a", "libvorbis"];

describe("a page where something is wrong", () => {
  let folder: TempFolder;
  let browser: OpenedBrowser;
  let options: GatewayOptions;
  let gateway: RunningGateway;

  beforeAll(async () => {
    folder = await makeTempFolder();
    options = {
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "upreel-x2-live16x0-int8", FFMPEG: await pacedFfmpeg(folder.path, 0.5) },
    };
    await letHurry(folder.path);
    [gateway, browser] = await Promise.all([startGateway(options), openBrowser()]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  // Debian's Chromium has no decoder for the first two; the third fits into no HLS at all.
  it.each([
    ["film.mkv", "libx265", X265, "HEVC (hvc1.1.6.L30"],
    ["film.ts", "mpeg2video", [], "MPEG-2 (mp4v.61)"],
    ["film.webm", "libvpx", VP8, "VP8"],
  ])("%s: says which codec it lacks and begins with the upscaled film", async (...film) => {
    const [name, codec, extraArgs, title] = film;
    const clip = { ...CLIP, seconds: 12, codec, extraArgs };
    const path = await makeClip(join(folder.path, name), clip);
    // It is not made before it is paused, nor is it waited for after that.
    await holdBack(folder.path);
    const { id } = await gateway.trigger(path);
    await gateway.post(`/streams/${id}/pause`);
    await letHurry(folder.path);
    await using opened = await browser.open(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await page.getByText(`The original film is ${title}`).waitFor();
    await page.waitForSelector(".stage[data-showing=upscaled]");
    await page.getByText(`mpv "${gateway.url}/hls/${id}/stream.m3u8"`).waitFor();
    await gateway.post(`/streams/${id}/resume`);
    await playsPast(page, 1);
    expect(problems).toEqual([]);
  });

  it("the playlists do not come for a while: it plays once they do", async () => {
    const clip = { ...CLIP, seconds: 12, codec: "mpeg2video" };
    const { id } = await gateway.trigger(await makeClip(join(folder.path, "late.ts"), clip));
    await using opened = await browser.open(`${gateway.url}/watch/${id}`);
    const { page } = opened;
    // hls.js asks twice before it gives up; the page begins anew.
    let refusals = 4;
    await page.route(/master\.m3u8/, (route) =>
      refusals-- > 0 ? route.fulfill({ status: 503 }) : route.continue(),
    );
    await page.reload();
    await playsPast(page, 1);
    expect(refusals).toBeLessThan(0);
  });

  it("segments do not come: it goes on with the original, not with a lower quality for good", async () => {
    // Its place to come is not loaded yet, however long it has played by then.
    const clip = { ...CLIP, seconds: 120 };
    const { id } = await gateway.trigger(await makeClip(join(folder.path, "holes.mp4"), clip));
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await using opened = await browser.open("about:blank");
    const { page } = opened;
    const lower: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/lower/")) lower.push(request.url());
    });
    await page.goto(`${gateway.url}/watch/${id}`);
    await playsPast(page, 1);
    await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
    await page.getByRole("group", { name: "Quality" }).getByLabel("72p").waitFor();
    await page.route(/archive\.ts/, (route) => route.fulfill({ status: 404 }));
    // Behind what it has loaded.
    await page.focus(".seek");
    await page.keyboard.press("9");
    await page.waitForSelector(".stage[data-showing=original]");
    expect(lower).toEqual([]);
  });

  it("the film was deleted to make room: it is made again for who comes with its link", async () => {
    // Finished films go as soon as nobody watches them.
    const env = { ...options.env, ARCHIVE_QUOTA: "0.001MB", RETENTION_HOURS: "0" };
    const dataDir = join(folder.path, "small");
    await using small = await startGateway({ ...options, dataDir, env });
    const path = await makeClip(join(folder.path, "evicted.mp4"), { ...CLIP, seconds: 6 });
    const { id } = await small.trigger(path);
    await eventually(
      "its end",
      async () => (await fetch(`${small.url}/status/${id}`)).status === 404,
    );
    await using opened = await browser.open(`${small.url}/watch/${id}`);
    const { page, problems } = opened;
    await playsPast(page, 1);
    expect(problems).toEqual([]);
  });

  it("the film's file is deleted while its page is open: it says so, and waits for nothing", async () => {
    await holdBack(folder.path);
    // So long that not all of it is loaded by then.
    const clip = { ...CLIP, seconds: 300 };
    const path = await makeClip(join(folder.path, "taken.mp4"), clip);
    const { id } = await gateway.trigger(path);
    await using opened = await browser.open(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await playsPast(page, 1);
    await rm(path);
    const why = page.getByText(/the film file was moved or deleted/i).first();
    await why.waitFor();
    // Nothing is there that the end of the film could be played from.
    await page.focus(".seek");
    await page.keyboard.press("9");
    const stage = page.locator(".stage-wait");
    await stage.getByText("Upscaling failed").waitFor();
    expect(await stage.locator(".spinner").count()).toBe(0);
    // Who comes later is told the same.
    await page.reload();
    await why.waitFor();
    await page.keyboard.press("9");
    await stage.getByText("Upscaling failed").waitFor();
    await letHurry(folder.path);
    expect(problems).toEqual([]);
  });

  it("the gateway goes away and comes back: it says so and plays on", async () => {
    const { id } = await gateway.trigger(await makeClip(join(folder.path, "long.mp4"), CLIP));
    await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= 2);
    await using opened = await browser.open(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await playsPast(page, 1);
    await gateway.kill();
    const gone = page.getByText("Upreel is not responding");
    await gone.waitFor();
    gateway = await startGateway({ ...options, port: Number(new URL(gateway.url).port) });
    await gone.waitFor({ state: "detached" });
    // Nothing of this was loaded before.
    await page.focus(".seek");
    await page.keyboard.press("9");
    await playsPast(page, 55);
    expect(problems).toEqual([]);
  });
});

/** Waits until what is seen plays, beyond that second. */
const playsPast = (page: Page, seconds: number): Promise<unknown> =>
  page.waitForFunction(
    `(() => {
      const stage = document.querySelector(".stage");
      const video = stage?.querySelector("[data-picture=" + stage.dataset.showing + "]");
      return video?.readyState >= 3 && video.currentTime > ${seconds};
    })()`,
  );
