import { createRequire } from "node:module";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openPage } from "./support/chromium.ts";
import { startGateway } from "./support/start-gateway.ts";

const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");
/** Between what the source's size needs and what the upscaled film does. */
const THIN_LINE_BYTES = 2_000_000 / 8;

it("a player on a line that gets thin goes down to the source's size, and comes back", async () => {
  await using folder = await makeTempFolder();
  // Noise: the upscaled film needs several megabits.
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 320, height: 180, rate: 25, seconds: 60 },
    extraArgs: ["-vf", "noise=alls=40:allf=t"],
  });
  const dataDir = join(folder.path, "data");
  await using gateway = await startGateway({
    ...{ dataDir, roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2", LADDER: "on" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const base = `${gateway.url}/hls/${id}`;
  const master = await (await fetch(`${base}/master.m3u8`)).text();
  const variants = [...master.matchAll(/STREAM-INF:BANDWIDTH=(\d+).*RESOLUTION=(\S+?),.*\n(\S+)/g)];
  expect(variants.map(([, , size, uri]) => [size, uri])).toEqual([
    ["640x360", "stream.m3u8"],
    ["320x180", "lower/180p/playlist.m3u8"],
  ]);
  const [upper = 0, lower = 0] = variants.map(([, bandwidth]) => Number(bandwidth));
  expect(upper).toBeGreaterThan(8 * THIN_LINE_BYTES);
  expect(lower).toBeLessThan(0.6 * 8 * THIN_LINE_BYTES);
  expect(await (await fetch(`${base}/master.m3u8?ladder=off`)).text()).not.toContain("lower/");
  // R13: the same grid.
  const lines = async (path: string) =>
    (await (await fetch(`${base}/${path}`)).text()).match(/#EXTINF.*|#EXT-X-TARGETDURATION.*/g);
  expect(await lines("lower/180p/playlist.m3u8")).toEqual(await lines("stream.m3u8"));

  await using chromium = await openPage(`${gateway.url}/health`);
  const { page } = chromium;
  const line = await page.context().newCDPSession(page);
  const setLine = (bytesPerSecond: number) =>
    line.send("Network.emulateNetworkConditions", {
      ...{ offline: false, latency: 20, uploadThroughput: -1 },
      downloadThroughput: bytesPerSecond,
    });
  await page.setContent("<video muted></video>");
  await page.addScriptTag({ path: HLS_JS });
  await page.evaluate(`
    window.heights = [];
    window.fatal = [];
    window.hls = new Hls({ maxBufferLength: 6, maxMaxBufferLength: 6, startLevel: -1 });
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => heights.push(hls.levels[level].height));
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && window.fatal.push(details));
    hls.loadSource(${JSON.stringify(`${base}/master.m3u8`)});
    hls.attachMedia(document.querySelector("video"));
    document.querySelector("video").play();
  `);
  const shows = (height: number) =>
    page.waitForFunction(
      `document.querySelector("video").videoHeight === ${height} && heights.at(-1) === ${height}`,
      undefined,
      { timeout: 180_000 },
    );
  await setLine(10_000_000);
  await shows(360);
  await setLine(THIN_LINE_BYTES);
  await shows(180);
  await setLine(10_000_000);
  await shows(360);
  expect(await page.evaluate("window.fatal")).toEqual([]);
  // What was watched is what was made.
  const made = await readdir(join(dataDir, "lower", id, "180p"));
  expect(made.length).toBeGreaterThan(0);
  const { size } = await stat(join(dataDir, "lower", id, "180p", made[0] ?? ""));
  expect(size).toBeLessThan(15_000_000);
});
