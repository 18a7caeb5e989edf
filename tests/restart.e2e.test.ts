import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { playInFfmpeg } from "./support/ffmpeg-player.ts";
import { openChromium, openMpv } from "./support/players.ts";
import { childrenOf, isAlive } from "./support/processes.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { openVlc } from "./support/vlc.ts";

describe("the gateway is killed in mid-play", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeEach(async () => {
    folder = await makeTempFolder();
    const dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    gateway = await startGateway({ dataDir, roots: folder.path, playlists });
  });
  afterEach(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  /** A film of 40 s whose making takes about as long as playing it. */
  const trigger = async () => {
    const path = join(folder.path, "film.mp4");
    await makeClip(path, { width: 480, height: 270, rate: 25, seconds: 40 });
    return gateway.trigger(path);
  };
  const killGateway = async (): Promise<void> => {
    const pid = await gateway.gatewayProcess();
    const below = await childrenOf(pid);
    process.kill(pid, "SIGKILL");
    await eventually("no worker of the dead gateway", () =>
      below.every((each) => !isAlive(each.pid)),
    );
    await eventually("another gateway", async () => (await gateway.gatewayProcess()) !== pid);
  };

  it("mpv, VLC and ffmpeg play on to the end of the film; mpv loses nothing, the others at most a segment", async () => {
    const { hls_url: url, id } = await trigger();
    await gateway.waitFor(id, (status) => status.segments_ready >= 2);
    await using ffmpeg = playInFfmpeg(url);
    await using vlc = await openVlc(url);
    await using mpv = await openMpv([url]);
    await mpv.playsFrom(1);
    await killGateway();
    await mpv.playsFrom(12);
    await killGateway();
    await mpv.playsFrom(24);
    const [mpvEnd, vlcEnd, { frames }] = await Promise.all([
      mpv.lastPosition(),
      vlc.lastPosition(),
      ffmpeg.toItsEnd(),
    ]);
    expect(mpvEnd).toBeGreaterThan(38);
    expect(vlcEnd).toBeGreaterThanOrEqual(38);
    expect(frames).toBeGreaterThanOrEqual(1000 - 50);
    expect(await gateway.status(id)).toMatchObject({ state: "complete", frames_done: 1000 });
  });

  it("hls.js plays on to the end of the film", async () => {
    const { hls_url: url, id } = await trigger();
    await gateway.waitFor(id, (status) => status.segments_ready >= 2);
    await using page = await openChromium(gateway.url, url, 0);
    await page.playsFrom(1);
    await killGateway();
    await page.playsFrom(12);
    await page.ended();
    expect(page.fatalProblems()).toEqual([]);
  });
});
