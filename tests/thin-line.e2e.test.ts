import { join } from "node:path";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { startGateway } from "./support/start-gateway.ts";
import { openThinLine, overlapMs, type ThinLine } from "./support/thin-line.ts";

const SIZE = { width: 320, height: 180 } as const;

/** The rates that a master playlist tells, by the address of each. */
async function ratesOf(url: string) {
  const lines = (await (await fetch(url)).text()).split("\n");
  return lines.flatMap((line, n) => {
    const [, peak, average] = /:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/.exec(line) ?? [];
    return peak === undefined
      ? []
      : [{ uri: lines[n + 1] ?? "", peak: Number(peak), average: Number(average) }];
  });
}

const isLower = (path: string): boolean => /\/lower\/.*\.ts/.test(path);
const isUpscaled = (path: string): boolean => /archive\.ts/.test(path);

it("a line that gets thin: hls.js goes down within two segments, does not stall, and comes back", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ ...SIZE, rate: 24, seconds: 120 },
    // Grain, which a network or a scaler makes larger: the film in its own size is bounded.
    extraArgs: ["-vf", "noise=alls=4:allf=t", "-crf", "18"],
  });
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const path = `/hls/${id}/master.m3u8?ladder=on`;
  const [upscaled, lower] = await ratesOf(`${gateway.url}${path}`);
  if (upscaled === undefined || lower === undefined) expect.unreachable();
  const thin = lower.peak * 1.5;
  expect(upscaled.average).toBeGreaterThan(thin * 2);

  // Not more than hls.js wants for it: what it has loaded when the line gets thin lasts for seconds, not for the film.
  await using line = await openThinLine(gateway.url, upscaled.peak * 2);
  await using player = await openChromium(line.url, `${line.url}${path}`, 0);
  await player.playsPast(10);
  await player.showsLines(2 * SIZE.height);
  const begun = line.asked.length;
  line.setRate(thin);
  const down = await untilAsked(line, begun, isLower);
  expect(down.filter(isUpscaled).length).toBeLessThanOrEqual(2);
  await player.showsLines(SIZE.height);
  await player.playsPast((await player.playedUpTo()) + 10);

  line.setRate(upscaled.peak * 4);
  await untilAsked(line, line.asked.length, isUpscaled);
  await player.showsLines(2 * SIZE.height);
  const stalls = (await player.stands()).map((span) => overlapMs(span, line.busy()));
  expect(Math.max(0, ...stalls)).toBeLessThanOrEqual(1_000);
});

/** What was asked for from the `from`-th on until something of that kind was. */
const untilAsked = (line: ThinLine, from: number, wanted: (path: string) => boolean) =>
  eventually("a request", () => {
    const since = line.asked.slice(from);
    const at = since.findIndex(wanted);
    return at >= 0 && since.slice(0, at);
  });
