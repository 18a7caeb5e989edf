import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { openMpv } from "./support/mpv.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { openVlc } from "./support/vlc.ts";

const SECONDS = 120;

describe("seeking in a film that is being made", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;
  let film: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    // Two viewers have to share one place; the scaler, since it is not networks that are tried here.
    const FFMPEG = await pacedFfmpeg(folder.path, 5);
    const env = { MODEL: "lanczos", MAX_STREAMS: "1", FFMPEG };
    gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
    film = join(folder.path, "film.mp4");
    await makeClip(film, { width: 160, height: 90, rate: 12, seconds: SECONDS });
  });
  afterAll(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  /** The same film under another name is another stream. */
  const trigger = async (name: string) => {
    const path = join(folder.path, name);
    await copyFile(film, path);
    return gateway.trigger(path);
  };

  it("mpv starts in the middle, jumps back, past the edge and to the end", async () => {
    const { id, hls_url: url } = await trigger("mpv.mp4");
    await using mpv = await openMpv([`--start=${0.45 * SECONDS}`, url]);
    await mpv.playsFrom(0.45 * SECONDS);
    expect(await mpv.property("duration")).toBeCloseTo(SECONDS, 0);
    for (const target of [10, 90, 117]) {
      await mpv.seek(target);
      await mpv.playsFrom(target);
    }
    expect(await mpv.lastPosition()).toBeGreaterThan(SECONDS - 1.5);
    expect(await mpv.problems()).toEqual([]);
    await gateway.post(`/streams/${id}/cancel`);
  });

  it("VLC starts in the middle, jumps back, past the edge and to the end", async () => {
    const { id, hls_url: url } = await trigger("vlc.mp4");
    await using vlc = await openVlc(url, 0.45 * SECONDS);
    await vlc.playsFrom(0.45 * SECONDS);
    for (const target of [10, 90, 116]) {
      vlc.seek(target);
      await vlc.playsFrom(target);
    }
    expect(await vlc.lastPosition()).toBeGreaterThanOrEqual(SECONDS - 2);
    expect(vlc.problems()).toEqual([]);
    await gateway.post(`/streams/${id}/cancel`);
  });

  it("two viewers of one film, far apart, both play on while it is made", async () => {
    const path = join(folder.path, "two.mp4");
    // So long that it is still being made when both play, however late that is.
    await makeClip(path, { width: 160, height: 90, rate: 12, seconds: 900 });
    const { id, hls_url: url } = await gateway.trigger(path);
    await using near = await openMpv([url]);
    await using far = await openMpv(["--start=150", url]);
    await Promise.all([near.playsFrom(0), far.playsFrom(150)]);
    expect((await gateway.status(id)).state).not.toBe("complete");
    const position = async (mpv: typeof near): Promise<number> =>
      Number(await mpv.property("time-pos"));
    const playsOn = async (mpv: typeof near): Promise<void> => {
      const from = await position(mpv);
      await eventually("it plays on", async () => (await position(mpv)) > from + 4);
    };
    await Promise.all([playsOn(near), playsOn(far)]);
    expect([...(await near.problems()), ...(await far.problems())]).toEqual([]);
    const made = gateway.logLines.filter((line) => line.includes("segment not published"));
    expect(made).toEqual([]);
    // A player that still asks would start the film again.
    await Promise.all([near[Symbol.asyncDispose](), far[Symbol.asyncDispose]()]);
    await gateway.post(`/streams/${id}/cancel`);
  });

  it("hls.js starts in the middle, jumps back and past the edge", async () => {
    const { id, hls_url: url } = await trigger("hls.mp4");
    await using page = await openChromium(gateway.url, url, 0.45 * SECONDS, { mayBeLate: true });
    await page.playsFrom(0.45 * SECONDS);
    for (const target of [10, 90, 116]) {
      await page.seek(target);
      await page.playsFrom(target);
    }
    await page.ended();
    expect(page.problems()).toEqual([]);
    await gateway.post(`/streams/${id}/cancel`);
  });
});
