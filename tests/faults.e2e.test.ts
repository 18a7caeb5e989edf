import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectWhole, fetchSegment, segmentsOf } from "./support/film-checks.ts";
import { holdBack, letHurry, pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { childrenOf, isAlive } from "./support/processes.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const SECONDS = 20;
const FRAMES = SECONDS * 24;

describe("what is killed, cancelled, paused or deleted", () => {
  let folder: TempFolder;
  let dataDir: string;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeAll(async () => {
    folder = await makeTempFolder();
    dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    await start();
  });
  afterAll(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    const left = await readdir(join(folder.path, "tmp"));
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
    expect(left).toEqual([]);
  });

  const start = async (): Promise<void> => {
    // What is to be killed is still at work then.
    const env = { FFMPEG: await pacedFfmpeg(folder.path, 0.5) };
    gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
  };
  const film = (name: string, seconds = SECONDS): Promise<string> =>
    makeClip(join(folder.path, name), { width: 96, height: 54, rate: 24, seconds });

  /** A film that is being made, with its first segments published. */
  const startFilm = async (name: string, seconds = SECONDS) => {
    await holdBack(folder.path);
    const answer = await gateway.trigger(await film(name, seconds));
    await gateway.waitFor(answer.id, (status) => status.segments_ready >= 2);
    return answer;
  };
  /** Made to the end, and no slower than it can be from here on. */
  const expectAll = async (id: string, frames = FRAMES): Promise<void> => {
    await letHurry(folder.path);
    await expectWhole(gateway, dataDir, id, frames);
  };

  it("goes on after its encoder is killed, and after its decoder is", async () => {
    const { id } = await startFilm("ffmpegs.mp4");
    for (const isEncoder of [true, false]) {
      const { segments_ready: before } = await gateway.status(id);
      // The run after the one that lost an ffmpeg may have to begin first.
      const victim = await eventually("an ffmpeg to kill", async () =>
        (await childrenOf(gateway.pid)).find(
          ({ command }) => command.startsWith("ffmpeg ") && command.includes(" tee ") === isEncoder,
        ),
      );
      if (!isEncoder) await letHurry(folder.path);
      process.kill(victim.pid, "SIGKILL");
      await gateway.waitFor(
        id,
        (status) => status.segments_ready > before || status.state === "complete",
      );
    }
    await expectAll(id);
  });

  it("goes on after its worker is killed, which takes the ffmpegs with it", async () => {
    const { id } = await startFilm("worker.mp4");
    const children = await childrenOf(gateway.pid);
    const ffmpegs = children.filter(({ command }) => command.startsWith("ffmpeg "));
    const worker = children.find(({ pid }) => ffmpegs.some(({ parent }) => parent === pid));
    expect(ffmpegs).toHaveLength(2);
    if (worker === undefined) throw new Error("no worker");
    await letHurry(folder.path);
    process.kill(worker.pid, "SIGKILL");
    await eventually("no ffmpeg of the dead worker", () =>
      ffmpegs.every(({ pid }) => !isAlive(pid)),
    );
    await expectAll(id);
  });

  it("goes on at the first missing segment after the gateway is killed, and makes none twice", async () => {
    const { id } = await startFilm("gateway.mp4");
    const children = await childrenOf(gateway.pid);
    await gateway.kill();
    await eventually("no process of the dead gateway", () =>
      children.every(({ pid }) => !isAlive(pid)),
    );
    const before = await segmentsOf(dataDir, id);
    const bytes = await Promise.all(
      before.map((name) => readFile(join(dataDir, "streams", id, "segments", name))),
    );
    await letHurry(folder.path);
    await start();
    // That of the dead one, with the pipes of its run, is gone.
    await expect.poll(() => readdir(join(folder.path, "tmp"))).toHaveLength(1);
    await expectAll(id);
    for (const [index, name] of before.entries()) {
      expect((await fetchSegment(gateway, id, name)).equals(bytes[index]!), name).toBe(true);
    }
  });

  it("ends every process of a cancelled stream, keeps nothing half-made, and starts again when asked", async () => {
    const { id } = await startFilm("cancelled.mp4");
    const ffmpegs = (await childrenOf(gateway.pid)).filter(({ command }) =>
      command.includes("cancelled.mp4"),
    );
    expect(ffmpegs.length).toBeGreaterThan(0);
    const finished = await readdir(join(dataDir, "upscaled")).catch(() => []);
    await gateway.post(`/streams/${id}/cancel`);
    expect(ffmpegs.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect((await gateway.status(id)).state).toBe("cancelled");
    const leftOvers = await readdir(join(dataDir, "streams", id, "runs")).catch(() => []);
    expect(leftOvers).toEqual([]);
    expect(await readdir(join(dataDir, "upscaled")).catch(() => [])).toEqual(finished);
    const live = await (await fetch(`${gateway.url}/hls/${id}/live.m3u8`)).text();
    expect(live).toContain("#EXT-X-ENDLIST");
    await playlists.startAnew(id);
    await letHurry(folder.path);
    expect((await gateway.trigger(join(folder.path, "cancelled.mp4"))).status).toBe("started");
    await expectAll(id);
  });

  it("makes no frame while it is paused", async () => {
    const { id } = await startFilm("paused.mp4", 2 * SECONDS);
    await gateway.post(`/streams/${id}/pause`);
    expect((await gateway.status(id)).state).toBe("paused");
    const cpu = async (): Promise<number> =>
      (await childrenOf(gateway.pid)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    // What was in the pipes is drained; then nothing moves.
    let frames = -1;
    await eventually("a standstill", async () => {
      const before = frames;
      frames = (await gateway.status(id)).frames_done;
      const used = await cpu();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return before === frames && (await cpu()) - used < 0.1;
    });
    expect((await gateway.status(id)).frames_done).toBe(frames);
    await gateway.post(`/streams/${id}/resume`);
    await gateway.waitFor(id, (status) => status.frames_done > frames);
    expect((await gateway.status(id)).state).toBe("running");
    await gateway.post(`/streams/${id}/cancel`);
  });

  it("is complete over a restart, and made again for who asks after its finished film was deleted", async () => {
    await letHurry(folder.path);
    const path = await film("deleted.mp4", 5);
    const { id } = await gateway.trigger(path);
    await expectAll(id, 120);
    await gateway.kill();
    await start();
    await expectAll(id, 120);
    const { file, segments_ready: ready } = await gateway.status(id);
    expect(ready).toBe(3);

    await rm(file ?? "");
    await playlists.startAnew(id);
    const again = await fetch(`${gateway.url}/hls/${id}/segments/000001.ts`);
    expect([again.status, (await again.arrayBuffer()).byteLength > 10_000]).toEqual([200, true]);
    await expectAll(id, 120);

    await rm((await gateway.status(id)).file ?? "");
    await gateway.kill();
    await start();
    expect(await gateway.status(id)).toMatchObject({
      state: "idle",
      reason: { code: "archive_gone" },
      file: null,
      ready: false,
    });
    await playlists.startAnew(id);
    await gateway.trigger(path);
    await expectAll(id, 120);
  });
});
