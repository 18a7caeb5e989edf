import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tracksAnswerSchema } from "@upreel/core";
import { makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type OpenedBrowser } from "./support/chromium.ts";
import { openChromium } from "./support/hls-page.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const picture = (seconds: number, rate = 25): string[] => [
  ...["-f", "lavfi", "-i", `testsrc2=s=128x72:r=${rate}:d=${seconds}`],
];
const tone = (seconds: number): string[] => [
  ...["-f", "lavfi", "-i", `sine=frequency=1000:sample_rate=48000:duration=${seconds}`],
];
const X264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "50"];

/** Pictures end long before the sound. */
const shortPicture = (path: string): Promise<unknown> =>
  runFfmpeg([...picture(6), ...tone(10), ...X264, "-c:a", "aac", path]);

/** 5.1, and stereo from the middle on. */
async function layoutChange(path: string): Promise<void> {
  const parts = await Promise.all(
    [6, 2].map(async (channels, n) => {
      const part = `${path}.${n}.ts`;
      const sound = ["-c:a", "ac3", "-ac", String(channels)];
      const clock = ["-output_ts_offset", String(5 * n)];
      await runFfmpeg([...picture(5), ...tone(5), ...X264, ...sound, ...clock, part]);
      return await readFile(part);
    }),
  );
  await writeFile(path, Buffer.concat(parts));
}

/** Eight pictures a second at first, then sixty. */
const slowStart = (path: string): Promise<unknown> =>
  runFfmpeg([
    ...[...picture(9, 60), ...tone(9)],
    ...["-vf", "select='if(lt(t,6),not(mod(n,8)),1)'", "-fps_mode", "vfr"],
    ...[...X264, "-c:a", "aac", path],
  ]);

/** With their length in seconds, and how many pictures they have. */
const FILMS: readonly [string, string, (path: string) => Promise<unknown>, number, number][] = [
  ["whose pictures end before its sound", "short-picture.mp4", shortPicture, 10, 150],
  ["whose sound changes its layout", "layout-change.ts", layoutChange, 10, 250],
  ["that begins at eight pictures a second and goes on at sixty", "slow.mp4", slowStart, 9, 225],
];

describe("the original of a film", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let browser: OpenedBrowser;

  beforeAll(async () => {
    folder = await makeTempFolder();
    await Promise.all(FILMS.map(([, name, make]) => make(join(folder.path, name))));
    gateway = await startGateway({
      ...{ dataDir: join(folder.path, "data"), roots: folder.path },
      env: { MODEL: "lanczos" },
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  // Side by side: they are played at the speed of their clocks.
  it.concurrent.each(FILMS)(
    "%s plays from its beginning to its end, and after a seek",
    async (...film) => {
      const [, name, , end] = film;
      const { id } = await gateway.trigger(join(folder.path, name));
      const url = `${gateway.url}/hls/${id}/original.m3u8`;
      await using whole = await openChromium(gateway.url, url, -1, { browser });
      await using sought = await openChromium(gateway.url, url, -1, { browser });
      await sought.playsFrom(0);
      await sought.seek(end - 2);
      await Promise.all([whole.ended(), sought.ended()]);
      // What hls.js gets over by itself may be: pictures begin a little after the sound, where they are coded out of order.
      expect([whole.fatalProblems(), sought.fatalProblems()]).toEqual([[], []]);
      expect(await whole.playedUpTo()).toBeGreaterThan(end - 0.1);
      expect(await sought.playedUpTo()).toBeGreaterThan(end - 0.1);
      expect(await whole.picturesShown()).toBeGreaterThanOrEqual(film[4]);
    },
  );

  it("of a film that fills the screen already plays in the page, in its own size and with its sound", async () => {
    const path = join(folder.path, "large.mp4");
    // It is not over while all of this is looked at.
    await runFfmpeg([
      ...["-f", "lavfi", "-i", "testsrc2=s=256x144:r=25:d=90", ...tone(90)],
      ...[...X264, "-c:a", "aac", path],
    ]);
    await writeFile(join(folder.path, "large.de.srt"), "1\n00:00:00,000 --> 00:01:30,000\nHallo\n");
    await using small = await startGateway({
      ...{ dataDir: join(folder.path, "small-screen"), roots: folder.path },
      env: { MODEL: "lanczos", TARGET_HEIGHT: "144" },
    });
    const { id } = await small.trigger(path);
    const tracks = async () =>
      tracksAnswerSchema.parse(await (await fetch(`${small.url}/tracks/${id}`)).json());
    await expect.poll(async () => (await tracks()).subtitles.length).toBe(1);
    await using opened = await browser.open(`${small.url}/watch/${id}`);
    const { page, problems } = opened;
    await page.getByText("You are watching the original.").waitFor();
    await page.waitForFunction(`(() => {
      const video = document.querySelector("[data-picture=original]");
      return video.videoWidth === 256 && video.currentTime > 1;
    })()`);
    // There is nothing to change to.
    expect(await page.getByRole("group", { name: "Picture" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Compare" }).count()).toBe(0);
    await page.keyboard.press("c");
    await page.waitForFunction(`(() => {
      const [track] = document.querySelector("[data-picture=original]").textTracks;
      return track?.activeCues?.[0]?.text === "Hallo";
    })()`);
    await page.goto(`${small.url}/#/jobs`);
    const card = page.locator(".stream", { hasText: "large" });
    await card.getByText("Original", { exact: true }).waitFor();
    await card.getByRole("link", { name: "Play" }).waitFor();
    expect(problems).toEqual([]);
  });
});
