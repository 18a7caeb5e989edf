import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playInFfmpeg } from "./support/ffmpeg-player.ts";
import { openChromium } from "./support/hls-page.ts";
import { openMpv } from "./support/mpv.ts";
import { childrenOf, isAlive } from "./support/processes.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { openVlc } from "./support/vlc.ts";

const SECONDS = 24;
const FRAMES = SECONDS * 25;
/** Of a segment. */
const SEGMENT_FRAMES = 50;

describe("the gateway is killed in mid-play", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    // As it is installed: slow enough that it is still being made when the gateway is killed.
    const env = { MODEL: "auto", THREADS: "0", PROVIDERS: "auto", TARGET_HEIGHT: "540" };
    gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
  });
  afterAll(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  const killGateway = async (): Promise<void> => {
    const pid = await gateway.gatewayProcess();
    const below = await childrenOf(pid);
    process.kill(pid, "SIGKILL");
    await eventually("no worker of the dead gateway", () =>
      below.every((each) => !isAlive(each.pid)),
    );
    await eventually("another gateway", async () => (await gateway.gatewayProcess()) !== pid);
  };

  it("players play on to the end of the film: mpv and hls.js lose nothing, VLC and ffmpeg at most a segment each time", async () => {
    const path = join(folder.path, "film.mp4");
    await makeClip(path, { width: 480, height: 270, rate: 25, seconds: SECONDS });
    const { hls_url: url, id } = await gateway.trigger(path);
    await gateway.waitFor(id, (status) => status.segments_ready >= 2);
    await using page = await openChromium(gateway.url, url, 0);
    await using ffmpeg = playInFfmpeg(url);
    await using vlc = await openVlc(url);
    await using mpv = await openMpv([url]);
    await Promise.all([mpv.playsFrom(1), page.playsFrom(1)]);
    await killGateway();
    await mpv.playsFrom(SECONDS / 3);
    await killGateway();
    const [mpvEnd, vlcEnd, { frames }] = await Promise.all([
      mpv.lastPosition(),
      vlc.lastPosition(),
      ffmpeg.toItsEnd(),
      page.ended(),
    ]);
    expect(mpvEnd).toBeGreaterThan(SECONDS - 2);
    // It is asked for whole seconds every now and then, and lost a segment at most.
    expect(vlcEnd).toBeGreaterThanOrEqual(SECONDS - 3);
    // Killed twice: an answer that had begun by then is cut, and ffmpeg goes on with the next segment.
    expect(frames).toBeGreaterThanOrEqual(FRAMES - 2 * SEGMENT_FRAMES);
    expect(page.fatalProblems()).toEqual([]);
    // Its last segment is played before the film is archived.
    const done = await gateway.waitFor(id, ({ state }) => state === "complete");
    expect(done.frames_done).toBe(FRAMES);
  });
});
