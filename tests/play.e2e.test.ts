import { copyFile, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { countPictures } from "@upreel/media";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playInChromium } from "./support/hls-page.ts";
import { playInMpv } from "./support/mpv.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { playInVlc } from "./support/vlc.ts";

describe("a film that is triggered", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    // As it is installed.
    const env = { MODEL: "auto", THREADS: "0", PROVIDERS: "auto" };
    gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
  });
  afterAll(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  const film = async (
    name: string,
    seconds: number,
    rate: string | number = 24,
  ): Promise<string> => {
    const path = join(folder.path, name);
    await mkdir(join(path, ".."), { recursive: true });
    return makeClip(path, { width: 192, height: 108, rate, seconds });
  };

  it("plays in mpv, VLC and Chromium while it is being made, and is then a whole archive", async () => {
    const path = await film("while made.mp4", 40, "24000/1001");
    const answer = await gateway.trigger(path);
    expect(answer.status).toBe("started");
    const [mpv, chromium] = await Promise.all([
      playInMpv(answer.live_url, 3),
      playInChromium(answer.player_url, 3),
    ]);
    expect(mpv).toMatchObject({ width: 384, height: 216 });
    expect(chromium).toMatchObject({ width: 384, height: 216 });
    expect(chromium.seconds).toBeGreaterThanOrEqual(3);
    expect((await gateway.status(answer.id)).state).not.toBe("failed");

    const done = await gateway.waitFor(answer.id, (status) => status.state === "complete");
    const vlc = await playInVlc(answer.hls_url, 3);
    expect(vlc.log).toMatch(/384x216/);
    expect(vlc.errors).toEqual([]);

    expect(done).toMatchObject({ frames_done: 960, frames_total: 960, ratio: 1 });
    const again = await gateway.trigger(path);
    if (again.status !== "exists") throw new Error(`expected exists, got ${again.status}`);
    const archive = await countPictures(
      again.file,
      { ffprobe: "ffprobe" },
      AbortSignal.timeout(240_000),
    );
    expect(archive.frames).toBe(960);
    expect(archive.durationSeconds).toBeCloseTo((960 * 1001) / 24000, 1);
  });

  it("fills a screen of 1080 lines by one network where that is held, from 360 lines", async () => {
    const path = join(folder.path, "for the screen.mp4");
    // So few pictures a second that any machine holds them, once it knows how fast it is.
    await makeClip(path, { width: 640, height: 360, rate: 1, seconds: 12 });
    await eventually("a look at the networks", async () => {
      const found = await fetch(`${gateway.url}/benchmark`).then((answer) => answer.json());
      return (found as { rows: unknown[] }).rows.length > 0;
    });
    const { id, hls_url: url } = await gateway.trigger(path);
    const done = await gateway.waitFor(id, (status) => status.state === "complete");
    expect(done).toMatchObject({ width: 1920, height: 1080, frames_done: 12 });
    expect(done.model).toMatch(/^upreel-x3-/);
    expect(await playInMpv(url, 3)).toMatchObject({ width: 1920, height: 1080 });
  });

  it("gets one run when it is triggered twice at once, and streaming after that", async () => {
    const path = await film("twice.mp4", 20);
    const [first, second] = await Promise.all([gateway.trigger(path), gateway.trigger(path)]);
    expect(second.id).toBe(first.id);
    expect([first.status, second.status].sort()).toEqual(["started", "streaming"]);
    await gateway.waitFor(first.id, (status) => status.state === "complete");
    const runs = gateway.logLines.filter(
      (line) => line.includes(first.id) && line.includes("running"),
    );
    const changes = runs.filter((line) => line.includes("→ running"));
    expect(changes, gateway.logLines.filter((l) => l.includes(first.id)).join("\n")).toHaveLength(
      1,
    );
  });

  it("does not collide with another one of the same name", async () => {
    const one = await film("one/Movie.mkv", 2);
    const two = join(folder.path, "two", "Movie.mkv");
    await mkdir(join(two, ".."), { recursive: true });
    await copyFile(one, two);
    const answers = [await gateway.trigger(one), await gateway.trigger(two)];
    expect(answers[0]?.id).not.toBe(answers[1]?.id);
    const files = await Promise.all(
      answers.map(async ({ id }) => {
        const { file } = await gateway.waitFor(id, (status) => status.state === "complete");
        return file ?? "";
      }),
    );
    expect(files[0]).not.toBe(files[1]);
    for (const file of files) expect((await stat(file)).size).toBeGreaterThan(0);
    const { id, live_url: url } = answers[1]!;
    expect((await fetch(`${gateway.url}/streams/${id}`, { method: "DELETE" })).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    await expect(stat(files[1]!)).rejects.toThrow();
  });
});
