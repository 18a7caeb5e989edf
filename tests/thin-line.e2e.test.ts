import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { startGateway } from "./support/start-gateway.ts";
import { openThinLine, type Carried, type ThinLine } from "./support/thin-line.ts";

const SIZE = { width: 160, height: 90 } as const;
/** hls.js believes a line that got wide again after some 25 segments, and loads as much ahead as it may: 60 MB. */
const SECONDS = 100;

const SEGMENT_SECONDS = 2;

/** All rates are multiples of what the upscaled film needs: what is asked for is then the same on any machine. */
const WIDE = 2.5;
/** Too thin for the upscaled film, and enough for the same at fewer bits. */
const THIN = 0.5;
const WIDE_AGAIN = 8;

const LEAN = `${2 * SIZE.height}p-lean`;
const isLean = (path: string): boolean => path.includes(`/lower/${LEAN}/0`);
const isUpscaled = (path: string): boolean => /archive\.ts|\/segments\//.test(path);

it("a line that gets thin: hls.js goes down within two segments, does not stall, and comes back", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ ...SIZE, rate: 10, seconds: SECONDS },
    // Grain, which a larger picture has more of, while the film in its own size is bounded.
    extraArgs: ["-vf", "noise=alls=22:allf=t", "-crf", "20"],
  });
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2" },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const path = `/hls/${id}/master.m3u8?ladder=on`;
  const needed = await averageRate(`${gateway.url}${path}`);
  // Made before: one that is made while it is asked for comes as slowly as the machine makes it.
  const lean = await fetchLower(`${gateway.url}/hls/${id}/lower/${LEAN}`);
  expect(lean).toBeLessThan(0.8 * THIN * needed);

  await using line = await openThinLine(gateway.url, WIDE * needed);
  await using player = await openChromium(line.url, `${line.url}${path}`, 0);
  await player.showsLines(2 * SIZE.height);
  const inHand = await eventually("ten seconds in hand", async () => {
    const seconds = await player.loadedAhead();
    return seconds >= 10 && seconds;
  });
  const over = line.carried.length;
  const begun = line.asked.length;
  line.setRate(THIN * needed);
  const before = await untilAsked(line, begun, isLean);
  expect(before.filter(isUpscaled).length).toBeLessThanOrEqual(2);
  await untilAsked(line, line.asked.length, isLean);
  const playsWhatCameLast = async (): Promise<void> => {
    const loaded = (await player.playedUpTo()) + (await player.loadedAhead());
    await player.seek(loaded - 1);
    await player.playsFrom(loaded - 1);
  };
  await playsWhatCameLast();

  line.setRate(WIDE_AGAIN * needed);
  await untilAsked(line, line.asked.length, isUpscaled);
  expect(longestStall(inHand, line.carried.slice(over))).toBeLessThanOrEqual(1);
  await playsWhatCameLast();
});

/** Bits a second of the upscaled film, as its master playlist tells them. */
async function averageRate(url: string): Promise<number> {
  const playlist = await (await fetch(url)).text();
  return Number(/AVERAGE-BANDWIDTH=(\d+)/.exec(playlist)?.[1]);
}

/** Bits a second of all segments of a lower quality. */
async function fetchLower(url: string): Promise<number> {
  let bytes = 0;
  for (let k = 0; k < SECONDS / SEGMENT_SECONDS; k += 1) {
    const segment = await fetch(`${url}/${segmentFileName(k)}`);
    bytes += (await segment.arrayBuffer()).byteLength;
  }
  return (bytes * 8) / SECONDS;
}

/**
 * Seconds that a player with so much in hand would have stood still for what it asked for, on a machine that costs no time:
 * how long the real one stands depends on this machine, too.
 */
function longestStall(inHand: number, carried: readonly Carried[]): number {
  let [left, longest] = [inHand, 0];
  for (const { path, lineMs, isWhole } of carried) {
    left -= lineMs / 1_000;
    longest = Math.max(longest, -left);
    left = Math.max(0, left);
    if (isWhole && (isLean(path) || isUpscaled(path))) left += SEGMENT_SECONDS;
  }
  return longest;
}

/** What was asked for from the `from`-th on until something of that kind was. */
const untilAsked = (line: ThinLine, from: number, wanted: (path: string) => boolean) =>
  eventually("a request", () => {
    const since = line.asked.slice(from);
    const at = since.findIndex(wanted);
    return at >= 0 && since.slice(0, at);
  });
