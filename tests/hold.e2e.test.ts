import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { openMpv } from "./support/mpv.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway } from "./support/start-gateway.ts";
import { openVlc } from "./support/vlc.ts";

const SECONDS = 12;
const HOLD_MS = 30_000;

it("mpv, VLC and hls.js wait half a minute for a segment and then play on to the end", async () => {
  await using folder = await makeTempFolder();
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    // Most of it is still to be made when it is paused; the pause is longer than it takes at this pace.
    env: { FFMPEG: await pacedFfmpeg(folder.path, 0.5) },
  });
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 96, height: 54, rate: 25, seconds: SECONDS });
  const { id, hls_url: url } = await gateway.trigger(path);
  await gateway.waitFor(id, (status) => status.segments_ready >= 2);
  await gateway.post(`/streams/${id}/pause`);
  expect(await gateway.status(id)).toMatchObject({ state: "paused" });

  await using mpv = await openMpv([url]);
  await using vlc = await openVlc(url);
  await using page = await openChromium(gateway.url, url, 0);
  await Promise.all([mpv.playsFrom(1), vlc.playsFrom(1), page.playsFrom(1)]);
  // They have asked for the next segments by now: players read ahead.
  await sleep(HOLD_MS);
  expect(await gateway.status(id)).toMatchObject({ state: "paused" });
  await gateway.post(`/streams/${id}/resume`);
  const [mpvEnd, vlcEnd] = await Promise.all([
    mpv.lastPosition(),
    vlc.lastPosition(),
    page.ended(),
  ]);
  expect(mpvEnd).toBeGreaterThan(SECONDS - 1.5);
  expect(vlcEnd).toBeGreaterThanOrEqual(SECONDS - 2);
  expect(await mpv.problems()).toEqual([]);
  expect(vlc.problems()).toEqual([]);
  expect(page.problems()).toEqual([]);
});
