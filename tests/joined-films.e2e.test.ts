import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import { countPictures } from "@upreel/media";
import { eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type OpenedBrowser } from "./support/chromium.ts";
import { openMpv } from "./support/mpv.ts";
import { makeJoinedFilms, RECORD_FRAMES, type SeenFrame } from "./support/stamped-film.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import {
  framesApart,
  framesOf,
  seenFor,
  showing,
  somethingSeen,
  swapsOf,
} from "./support/swaps.ts";

const RATE = 24;
const PART_SECONDS = 30;
const SIZE = { width: 128, height: 72, seconds: PART_SECONDS };
/** Behind the jump, and shortly before it, so that it is played through. */
const SEEKS = [PART_SECONDS + 4, PART_SECONDS - 2];

/** Each is one film of two recordings. */
const FILMS: readonly [string, string, readonly number[]][] = [
  ["begins anew", "restart.ts", [0, 0]],
  ["jumps ahead", "ahead.ts", [0, 5_000]],
  ["goes back", "back.ts", [90_000, 80_000]],
];

describe("joined recordings", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let browser: OpenedBrowser;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    folder = await makeTempFolder();
    const films = new Map(FILMS.map(([, name, clocks]) => [name, clocks]));
    await makeJoinedFilms(folder.path, SIZE, films);
    gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "lanczos" },
    });
    for (const [, name] of FILMS)
      ids.set(name, (await gateway.trigger(join(folder.path, name))).id);
    browser = await openBrowser();
    for (const id of ids.values()) {
      const { reason } = await gateway.waitFor(id, ({ state }) => state === "complete");
      expect(reason).toBeNull();
    }
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it.each(FILMS)(
    "whose clock %s show the same moment as the original and upscaled, wherever the page is sought",
    async (_, name) => {
      const url = `${gateway.url}/watch/${ids.get(name)}`;
      await using opened = await browser.open(url, RECORD_FRAMES);
      const { page, problems } = opened;
      await somethingSeen(page);
      await showing(page, "upscaled");
      for (const seconds of SEEKS) {
        const box = await page.locator(".seek").boundingBox();
        if (box === null) throw new Error("no seek bar");
        const share = seconds / (2 * PART_SECONDS);
        const clickThere = (): Promise<void> =>
          page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
        // While it stands the original is made there: on a busy machine the film was over before that.
        await clickThere();
        await page.keyboard.press("k");
        await page.waitForSelector(".stage-play");
        for (const picture of ["original", "upscaled"]) {
          await page.keyboard.press("u");
          await showing(page, picture);
        }
        await page.keyboard.press("k");
        await page.evaluate(`window.seenFrames.length = 0`);
        const change = async (): Promise<void> => {
          await clickThere();
          await seenFor(page, 8);
          await page.keyboard.press("u");
          await showing(page, "original");
          await seenFor(page, 12);
        };
        const again = async (): Promise<void> => {
          await page.keyboard.press("u");
          await showing(page, "upscaled");
          await change();
        };
        await change();
        expectInStep(await framesOf(page), `${name} from ${seconds} s`);
        expect(await framesApart(page, RATE, again), `${seconds} s`).toBeLessThanOrEqual(1);
        const swaps = await swapsOf(page, RATE);
        expect(swaps.at(-1)).toMatchObject({ from: "upscaled", to: "original" });
        await page.keyboard.press("u");
        await showing(page, "upscaled");
      }
      expect(problems).toEqual([]);
    },
  );

  it.each(FILMS)(
    "whose clock %s are offered in the source's size, too, with all pictures of both recordings",
    async (_, name) => {
      const film = `${gateway.url}/hls/${ids.get(name)}`;
      const master = await (await fetch(`${film}/master.m3u8?ladder=on`)).text();
      const [, path] = /RESOLUTION=128x72.*\n(lower\/72p\/)playlist.m3u8/.exec(master) ?? [];
      expect(path, master).toBe("lower/72p/");
      const signal = AbortSignal.timeout(240_000);
      // The last one of the first recording, and what follows.
      for (const k of [14, 15]) {
        const at = join(folder.path, `${name}-${k}.ts`);
        const answer = await fetch(`${film}/${path}${segmentFileName(k)}`);
        await writeFile(at, Buffer.from(await answer.arrayBuffer()));
        const { frames } = await countPictures(at, { ffprobe: "ffprobe" }, signal);
        expect(frames).toBe(2 * RATE);
      }
    },
  );

  it("shows the original after the end of the film, too, and plays on from where it is sought then", async () => {
    await using opened = await browser.open(
      `${gateway.url}/watch/${ids.get(FILMS[0]?.[1] ?? "")}`,
      RECORD_FRAMES,
    );
    const { page, problems } = opened;
    await somethingSeen(page);
    await showing(page, "upscaled");
    const box = await page.locator(".seek").boundingBox();
    if (box === null) throw new Error("no seek bar");
    const clickAt = (seconds: number): Promise<void> =>
      page.mouse.click(box.x + (box.width * seconds) / (2 * PART_SECONDS), box.y + box.height / 2);
    await clickAt(2 * PART_SECONDS - 1);
    await page.waitForFunction(`document.querySelector('[data-picture="upscaled"]').ended`);
    await page.waitForSelector(".stage-play");
    await page.keyboard.press("u");
    await showing(page, "original");
    await page.evaluate(`window.seenFrames.length = 0`);
    await clickAt(10);
    await seenFor(page, 8);

    // In its last moments, still playing: it does not begin again.
    await page.keyboard.press("u");
    await showing(page, "upscaled");
    await clickAt(2 * PART_SECONDS - 1);
    await page.waitForFunction(
      `document.querySelector('[data-picture="upscaled"]').currentTime > ${2 * PART_SECONDS - 0.6}`,
    );
    await page.evaluate(`window.seenFrames.length = 0`);
    await page.keyboard.press("u");
    await showing(page, "original");
    await page.waitForSelector(".stage-play");
    const stamps = (await framesOf(page)).filter(({ isSeen }) => isSeen).map(({ stamp }) => stamp);
    expect(Math.min(...stamps)).toBeGreaterThan(PART_SECONDS * RATE);
    expect(problems).toEqual([]);
  });

  it.each(FILMS)("whose clock %s play in mpv over the jump, after any seek", async (_, name) => {
    for (const playlist of ["stream.m3u8", "original.m3u8"]) {
      const url = `${gateway.url}/hls/${ids.get(name)}/${playlist}`;
      await using mpv = await openMpv(["--keep-open=yes", url]);
      for (const seconds of SEEKS) {
        await eventually(`${playlist} can be sought`, async () =>
          Boolean(await mpv.property("seekable")),
        );
        await mpv.seek(seconds, "exact");
        await mpv.playsFrom(seconds);
      }
      expect(await mpv.problems()).toEqual([]);
    }
  });
});

/** What is seen behind the seek is what the film has there, whichever film it is; but for frames that were read late. */
function expectInStep(frames: readonly SeenFrame[], what: string): void {
  for (const picture of ["original", "upscaled"] as const) {
    const shifts = frames
      .filter((frame) => frame.picture === picture && frame.isSeen)
      .map(({ stamp, mediaSeconds }) => stamp - mediaSeconds * RATE)
      .toSorted((a, b) => a - b);
    const usual = shifts[shifts.length >> 1] ?? NaN;
    expect(Math.abs(usual), `${picture} of ${what}`).toBeLessThan(3);
  }
}
