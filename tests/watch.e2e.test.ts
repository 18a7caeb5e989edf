import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { filmSegmentsSchema } from "@upreel/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePlugin } from "../packages/scan/src/testing/write-plugin.ts";
import { axeFindings } from "./support/accessibility.ts";
import { openBrowser, type OpenedBrowser } from "./support/chromium.ts";
import { PHONE_WITH_FINGER, openFinger } from "./support/finger.ts";
import { cutTexts, layoutShift, RECORD_SHIFTS } from "./support/layout.ts";
import { RECORD_SESSION } from "./support/media-session.ts";
import { makeStampedFilmWithTracks, READ_STAMP } from "./support/stamped-film.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { showing } from "./support/swaps.ts";

/** Not over while a page of it is looked at. */
const TOTAL_SECONDS = 60;

describe("a film that is complete", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let browser: OpenedBrowser;
  let id: string;
  let watchUrl: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const size = { width: 128, height: 72, seconds: TOTAL_SECONDS };
    const path = await makeStampedFilmWithTracks(join(folder.path, "film.mkv"), size);
    gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "upreel-x2-live16x0-int8" },
    });
    ({ id } = await gateway.trigger(path, "A stamped film"));
    browser = await openBrowser();
    await gateway.waitFor(id, ({ state }) => state === "complete");
    watchUrl = `${gateway.url}/watch/${id}`;
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it("is compared frame by frame: the same frame on both sides, of different pixels", async () => {
    await using opened = await browser.open(`${watchUrl}/compare`, READ_STAMP + RECORD_SHIFTS);
    const { page, problems } = opened;
    for (const seconds of [0, 2.5, 31.3]) {
      if (seconds > 0) await page.getByLabel("Position").fill(String(seconds));
      // The film's own frames lie half a frame beside the timeline's: the first one comes twice.
      await expectFrame(page, Math.max(0, Math.floor(seconds * 24) - 1));
    }
    await expect.poll(() => differenceAtDivider(page)).toBeGreaterThan(1);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save both as PNG" }).click();
    expect(await pngSize(await (await saving).path())).toEqual({ width: 512, height: 144 });
    await page.keyboard.press(".");
    await expectFrame(page, Math.floor(31.3 * 24));
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await cutTexts(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("is downloaded, and written to one file with all its tracks, from its card", async () => {
    await using opened = await browser.open(`${gateway.url}/#/jobs`);
    const { page, problems } = opened;
    const { size_bytes: bytes } = await gateway.status(id);
    await page.click(".opener");
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("A stamped film.ts");
    expect((await stat(await saved.path())).size).toBe(bytes);
    await page.getByRole("button", { name: "Save with all audio tracks and subtitles" }).click();
    const told = await page.getByText(/^Saved on the server as /).textContent();
    const file = told?.slice("Saved on the server as ".length, -1) ?? "";
    // The same pictures, and more beside them.
    expect((await stat(file)).size).toBeGreaterThan(0.8 * (bytes ?? Infinity));
    expect(file).toMatch(/A stamped film.*\.mkv$/);
    expect(problems).toEqual([]);
  });

  it("is sought by its thumbnails, goes on where it was left, and tells the system", async () => {
    await using opened = await browser.open(watchUrl, RECORD_SESSION + RECORD_SHIFTS);
    const { page, problems } = opened;
    await playsFrom(page, 0);
    expect(await layoutShift(page)).toBeLessThan(0.01);
    // It is made when it is asked for, which may take longer than the gateway lets anybody wait.
    await page.route("**/thumbs/*", (route) => route.fulfill({ status: 503, json: {} }), {
      times: 1,
    });
    await page.hover(".seek");
    await page.waitForSelector(".seek-thumbnail");
    const picture = await page.waitForFunction(
      `document.querySelector(".seek-thumbnail")?.style.backgroundImage`,
    );
    const url = /url\("(.*)"\)/.exec(String(await picture.jsonValue()))?.[1] ?? "";
    // Made when it is asked for, behind all other work: on a busy machine it is there for who asks again.
    const kind = async () => (await fetch(url)).headers.get("content-type");
    await expect.poll(kind).toBe("image/jpeg");

    expect(await page.evaluate("navigator.mediaSession.metadata.title")).toBe("A stamped film");
    // At rest it stays where it is sought, however long the steps take.
    await page.evaluate("window.session.actions.pause()");
    await page.waitForSelector(".stage-play");
    await expect.poll(() => page.evaluate("navigator.mediaSession.playbackState")).toBe("paused");
    await page.evaluate("window.session.actions.seekto({ seekTime: 20 })");
    await playsFrom(page, 20);
    await page.evaluate("window.session.actions.seekforward({})");
    await playsFrom(page, 30);
    await page.waitForFunction("window.session.position.position > 29.9");
    await page.waitForFunction(`/,30,\\d+\\]/.test(localStorage.getItem("upreel.watch") ?? "")`);

    await page.reload();
    await playsFrom(page, 30);
    expect(problems).toEqual([]);
  });

  it("is played by a finger: a tap shows and hides the controls, two at a side jump ten seconds", async () => {
    await using opened = await browser.open(watchUrl, undefined, PHONE_WITH_FINGER);
    const { page, problems } = opened;
    await showing(page, "upscaled");
    const film = "[data-picture=upscaled]";
    const finger = await openFinger(page);
    const isPlaying = (): Promise<boolean> =>
      page.evaluate(`!document.querySelector("${film}").paused`);
    for (const isIdle of [true, false, true]) {
      await page.waitForSelector(`.stage[data-idle=${isIdle}]`);
      expect(await isPlaying()).toBe(true);
      await finger.tap(film, { at: 0.5 });
    }
    await finger.tap(film, { at: 0.5, times: 2 });
    await expect.poll(isPlaying).toBe(false);
    const at = (seconds: number) =>
      page.waitForFunction(
        `Math.abs(document.querySelector(".seek").ariaValueNow - ${seconds}) <= 1`,
      );
    await page.keyboard.press("5");
    await at(30);
    await finger.tap(film, { at: 0.9, times: 2 });
    await at(40);
    await finger.tap(film, { at: 0.1, times: 2 });
    await at(30);
    expect(problems).toEqual([]);
  });

  it("is taken past its intro by a button, where a plugin found one", async () => {
    const { start, end } = { start: 4, end: 30 };
    const marks = `methods["mediaScan.scanSingle"] = (id, { file: { fileId } }) =>
      answer(id, { chapters: [{ fileId, role: "intro", startTime: ${start}, endTime: ${end} }] });
      begin()`;
    await writePlugin(join(folder.path, "data", "plugins"), "marker", marks);
    const wanted = {
      method: "POST",
      body: JSON.stringify({ path: join(folder.path, "film.mkv") }),
    };
    expect((await fetch(`${gateway.url}/scans`, wanted)).status).toBe(202);
    await eventually("the segments", async () => {
      const answer = await fetch(`${gateway.url}/segments/${id}`);
      return filmSegmentsSchema.parse(await answer.json()).segments.length === 1;
    });
    await using opened = await browser.open(watchUrl);
    const { page, problems } = opened;
    await page.evaluate("localStorage.clear()");
    await page.reload();
    await page.getByRole("button", { name: "Skip intro" }).click();
    const at = `[...document.querySelectorAll("video")].some((video) => video.currentTime >= ${end})`;
    await page.waitForFunction(at);
    await page.getByRole("button", { name: "Skip intro" }).waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  it("is offered to who wants to be asked, who is asked again for the next film", async () => {
    await using opened = await browser.open(watchUrl);
    const { page, problems } = opened;
    await playsFrom(page, 0);
    await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
    await page.getByLabel("Ask me").check();
    await page.keyboard.press("Escape");
    for (const _visit of ["this film", "the next one"]) {
      await page.reload();
      await showing(page, "original");
      await page.getByRole("button", { name: "Watch it" }).click();
      await showing(page, "upscaled");
    }
    expect(problems).toEqual([]);
  });

  it("offers the original to who watches what will not keep up", async () => {
    await using opened = await browser.open("about:blank");
    const { page, problems } = opened;
    const now = await gateway.status(id);
    const slow = { ...now, state: "running", advice: "original", advice_text: "Too slow." };
    const told = { ...slow, advice_told: { code: "advice_too_slow", values: {} } };
    const body = `event: status\ndata: ${JSON.stringify(told)}\n\n`;
    await page.route("**/events?*", (route) =>
      route.fulfill({ contentType: "text/event-stream", body }),
    );
    await page.goto(watchUrl);
    await showing(page, "upscaled");
    const original = page.getByRole("button", { name: "Play the original" });
    await original.click();
    await showing(page, "original");
    await original.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  it("has all its sounds and subtitles, and a window that goes on with the other film", async () => {
    await using opened = await browser.open(watchUrl);
    const { page, problems } = opened;
    await playsFrom(page, 0);
    await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
    const french = page.waitForRequest(/audio\/2-stereo\/\d+\./);
    await page
      .getByRole("group", { name: "Audio track" })
      .getByLabel(/French/)
      .check();
    await french;
    await page
      .getByRole("group", { name: "Subtitles" })
      .getByLabel(/English/)
      .check();
    await page.waitForFunction(`[...document.querySelector("[data-picture=upscaled]").textTracks]
      .some(({ mode, activeCues }) => mode === "showing" && activeCues?.[0]?.text.includes("second"))`);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Picture in picture" }).click();
    await page.waitForFunction(`document.pictureInPictureElement?.dataset.picture === "upscaled"`);
    await page.keyboard.press("u");
    await showing(page, "original");
    await page.waitForFunction(`document.pictureInPictureElement?.dataset.picture === "original"`);
    await page.keyboard.press("p");
    await page.waitForFunction("document.pictureInPictureElement === null");
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await cutTexts(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

/** Of the header of a PNG file, in pixels. */
async function pngSize(path: string) {
  const bytes = await readFile(path);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

const playsFrom = (page: Page, seconds: number): Promise<unknown> =>
  page.waitForFunction(
    `(() => {
      const stage = document.querySelector(".stage");
      if (stage === null) return false;
      const { dataset } = stage;
      const video = document.querySelector("[data-picture=" + dataset.showing + "]");
      return video?.readyState >= 3 && video?.currentTime > ${seconds - 0.2} && video?.currentTime < ${seconds + 10};
    })()`,
  );

/** Waits until both sides show that frame: what was ready before a seek is not what comes by it. */
const expectFrame = (page: Page, frame: number): Promise<void> =>
  expect
    .poll(async () => ({
      isReady: (await page.locator(".compare-stage[data-ready=true]").count()) > 0,
      ...(await stampsOf(page)),
    }))
    .toEqual({ isReady: true, original: frame, upscaled: frame });

const stampsOf = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(`Object.fromEntries([...document.querySelectorAll("video")].map((video) =>
    [video.dataset.picture, window.stampOf(video, video.videoWidth, video.videoHeight)]))`);

/** Mean difference of the pixels left and right of where the slider is moved to, in steps of 255. */
async function differenceAtDivider(page: Page): Promise<number> {
  const divider = page.locator(".divider");
  await divider.focus();
  const shot = async (): Promise<string> =>
    (await page.locator(".compare-pictures").screenshot()).toString("base64");
  await page.keyboard.press("Home");
  const upscaled = await shot();
  await page.keyboard.press("End");
  const original = await shot();
  return page.evaluate<number>(`(async () => {
    const pixels = async (base64) => {
      const image = new Image();
      image.src = "data:image/png;base64," + base64;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      // Badges and the divider lie at the edges.
      const { width, height } = image;
      return context.getImageData(width / 4, height / 4, width / 2, height / 2).data;
    };
    const a = await pixels(${JSON.stringify(upscaled)});
    const b = await pixels(${JSON.stringify(original)});
    return a.reduce((sum, value, k) => sum + Math.abs(value - b[k]), 0) / a.length;
  })()`);
}
