import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
  copyFile,
  mkdir,
  open,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { segmentFileName } from "@upreel/core";
import { countPictures } from "@upreel/media";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childrenOf, isAlive } from "./support/processes.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const run = promisify(execFile);
const FRAMES_PER_SEGMENT = 48;

describe("faults", () => {
  let folder: TempFolder;
  let dataDir: string;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;

  beforeEach(async () => {
    folder = await makeTempFolder();
    dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    await start();
  });
  afterEach(async () => {
    const problems = await playlists.finish();
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    expect(problems).toEqual([]);
  });

  const start = async (): Promise<void> => {
    gateway = await startGateway({ dataDir, roots: folder.path, playlists });
  };
  const film = (
    name: string,
    seconds: number,
    extraArgs: readonly string[] = [],
  ): Promise<string> =>
    makeClip(join(folder.path, name), { width: 320, height: 180, rate: 24, seconds, extraArgs });

  /** A film that is being made, with its first segments published. */
  const startFilm = async (seconds = 40) => {
    const answer = await gateway.trigger(await film("film.mp4", seconds));
    await gateway.waitFor(answer.id, (status) => status.segments_ready >= 2);
    return answer;
  };
  const expectWhole = async (id: string, frames: number): Promise<void> => {
    const done = await gateway.waitFor(
      id,
      ({ state }) => state === "complete" || state === "failed",
      90_000,
    );
    expect(done).toMatchObject({ state: "complete", frames_done: frames });
    const archive = await countPictures(
      done.file ?? "",
      { ffprobe: "ffprobe" },
      AbortSignal.timeout(20_000),
    );
    expect(archive.frames).toBe(frames);
    await expectGoodSegments(id, frames);
    // Stored once: the segments are slices of the archive now.
    expect(await segmentsOf(id)).toEqual([]);
  };
  const segmentsOf = async (id: string): Promise<string[]> =>
    (await readdir(join(dataDir, "streams", id, "segments"))).sort();
  const fetchSegment = async (id: string, name: string): Promise<Buffer> => {
    const response = await fetch(`${gateway.url}/hls/${id}/segments/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    return Buffer.from(await response.arrayBuffer());
  };
  const allSegments = (frames: number): string[] =>
    Array.from({ length: Math.ceil(frames / FRAMES_PER_SEGMENT) }, (_, k) => segmentFileName(k));
  /** Segments, all by default, as they are served hold exactly their pictures. */
  const expectGoodSegments = async (
    id: string,
    frames: number,
    names = allSegments(frames),
  ): Promise<void> => {
    for (const name of names) {
      const k = Number(name.slice(0, 6));
      const copy = join(folder.path, "segment.ts");
      await writeFile(copy, await fetchSegment(id, name));
      const { frames: pictures } = await countPictures(
        copy,
        { ffprobe: "ffprobe" },
        AbortSignal.timeout(20_000),
      );
      expect([k, pictures]).toEqual([
        k,
        Math.min(FRAMES_PER_SEGMENT, frames - k * FRAMES_PER_SEGMENT),
      ]);
    }
  };
  const leftOvers = async (id: string): Promise<string[]> =>
    readdir(join(dataDir, "streams", id, "runs")).catch(() => []);

  it("goes on after its encoder is killed, and after its decoder is", async () => {
    const { id } = await startFilm();
    for (const isEncoder of [true, false]) {
      const { segments_ready: before } = await gateway.status(id);
      const victim = (await childrenOf(gateway.pid)).find(
        ({ command }) => command.startsWith("ffmpeg ") && command.includes(" tee ") === isEncoder,
      );
      if (victim === undefined) throw new Error("no ffmpeg to kill");
      process.kill(victim.pid, "SIGKILL");
      await gateway.waitFor(
        id,
        (status) => status.segments_ready > before || status.state === "complete",
      );
    }
    await expectWhole(id, 40 * 24);
  });

  it("goes on after its worker is killed, which takes the ffmpegs with it", async () => {
    const { id } = await startFilm();
    const children = await childrenOf(gateway.pid);
    const ffmpegs = children.filter(({ command }) => command.startsWith("ffmpeg "));
    const worker = children.find(({ pid }) => ffmpegs.some(({ parent }) => parent === pid));
    expect(ffmpegs).toHaveLength(2);
    if (worker === undefined) throw new Error("no worker");
    process.kill(worker.pid, "SIGKILL");
    await eventually("no ffmpeg of the dead worker", () =>
      ffmpegs.every(({ pid }) => !isAlive(pid)),
    );
    await expectWhole(id, 40 * 24);
  });

  it("goes on at the first missing segment after the gateway is killed, and makes none twice", async () => {
    const { id } = await startFilm();
    const children = await childrenOf(gateway.pid);
    await gateway.kill();
    await eventually("no process of the dead gateway", () =>
      children.every(({ pid }) => !isAlive(pid)),
    );
    const before = await segmentsOf(id);
    const bytes = await Promise.all(
      before.map((name) => readFile(join(dataDir, "streams", id, "segments", name))),
    );
    await start();
    await expectWhole(id, 40 * 24);
    for (const [index, name] of before.entries()) {
      expect((await fetchSegment(id, name)).equals(bytes[index]!), name).toBe(true);
    }
  });

  it("ends every process of a cancelled stream, keeps nothing half-made, and starts again when asked", async () => {
    const { id } = await startFilm();
    const path = join(folder.path, "film.mp4");
    const ffmpegs = (await childrenOf(gateway.pid)).filter(({ command }) =>
      command.includes("film.mp4"),
    );
    expect(ffmpegs.length).toBeGreaterThan(0);
    await gateway.post(`/streams/${id}/cancel`);
    expect(ffmpegs.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect((await gateway.status(id)).state).toBe("cancelled");
    expect(await leftOvers(id)).toEqual([]);
    expect(await readdir(join(dataDir, "upscaled")).catch(() => [])).toEqual([]);
    const live = await (await fetch(`${gateway.url}/hls/${id}/live.m3u8`)).text();
    expect(live).toContain("#EXT-X-ENDLIST");
    await playlists.startAnew(id);
    expect((await gateway.trigger(path)).status).toBe("started");
    await expectWhole(id, 40 * 24);
  });

  it("makes no frame while it is paused", async () => {
    const { id } = await startFilm(120);
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
  });

  it("is complete, and says why, when the source holds fewer pictures than it promises", async () => {
    const path = await film("cut.mp4", 30, ["-movflags", "+faststart"]);
    await truncate(path, Math.round((await stat(path)).size / 2));
    const { id } = await gateway.trigger(path);
    playlists.allowCut(id);
    const done = await gateway.waitFor(
      id,
      ({ state }) => state === "complete" || state === "failed",
    );
    expect(done.state).toBe("complete");
    expect(done.reason).toMatchObject({ code: "source_truncated", expected: "720 pictures" });
    expect(done.frames_total).toBeLessThan(720);
    await expectGoodSegments(id, done.frames_total ?? 0);
    const past = await fetch(`${gateway.url}/hls/${id}/segments/000014.ts`);
    expect(past.status).toBe(410);
  });

  it("is whole over a restart, and made again for who asks after its finished film was deleted", async () => {
    const path = await film("film.mp4", 5);
    const { id } = await gateway.trigger(path);
    await expectWhole(id, 120);
    await gateway.kill();
    await start();
    await expectWhole(id, 120);
    const { file, segments_ready: ready } = await gateway.status(id);
    expect(ready).toBe(3);

    await rm(file ?? "");
    await playlists.startAnew(id);
    const again = await fetch(`${gateway.url}/hls/${id}/segments/000001.ts`);
    expect([again.status, (await again.arrayBuffer()).byteLength > 10_000]).toEqual([200, true]);
    await expectWhole(id, 120);

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
    await expectWhole(id, 120);
  });

  it("gets over a corrupt stretch in the middle", async () => {
    const path = await film("corrupt.mp4", 20, ["-g", "24"]);
    const { size } = await stat(path);
    const file = await open(path, "r+");
    await file.write(Buffer.alloc(3_000, 0xa5), 0, 3_000, Math.round(size / 2));
    await file.close();
    const { id } = await gateway.trigger(path);
    await expectWhole(id, 480);
  });

  it("says what is wrong with a source, starts nothing and serves the others on", async () => {
    await startFilm();
    const empty = join(folder.path, "empty.mkv");
    const text = join(folder.path, "text.mkv");
    const sound = join(folder.path, "sound.mka");
    const outside = join(folder.path, "..", `outside-${process.pid}.mkv`);
    const link = join(folder.path, "link.mkv");
    await writeFile(empty, "");
    await writeFile(text, "this is not a film\n".repeat(200));
    await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=2", sound]);
    await copyFile(text, outside);
    await symlink(outside, link);
    try {
      const refusals = [
        [join(folder.path, "missing.mkv"), 404, "source_missing"],
        [folder.path, 400, "source_not_a_file"],
        [outside, 403, "source_outside_roots"],
        [link, 403, "source_outside_roots"],
      ] as const;
      for (const [path, status, code] of refusals) {
        const response = await fetch(`${gateway.url}/upscale-trigger`, {
          method: "POST",
          body: JSON.stringify({ path }),
        });
        expect([path, response.status]).toEqual([path, status]);
        expect(await response.json()).toMatchObject({ status: "error", code });
      }
      const failures = [
        [empty, "source_unreadable"],
        [text, "source_unreadable"],
        [sound, "source_no_video"],
      ] as const;
      for (const [path, code] of failures) {
        const { id } = await gateway.trigger(path);
        const failed = await gateway.waitFor(id, ({ state }) => state === "failed");
        expect(failed.reason).toMatchObject({ code });
        expect(failed.segments_ready).toBe(0);
      }
    } finally {
      await rm(outside);
    }
  });

  it("stops with disk_full on a full disk and goes on when there is room again", async () => {
    if (process.getuid?.() !== 0) throw new Error("this test mounts a tmpfs: run it as root");
    await gateway[Symbol.asyncDispose]();
    const small = join(folder.path, "small");
    await mkdir(small);
    await run("mount", ["-t", "tmpfs", "-o", "size=9m", "tmpfs", small]);
    try {
      dataDir = join(small, "data");
      playlists = recordPlaylists(dataDir);
      await start();
      const path = await makeClip(join(folder.path, "noise.mp4"), {
        width: 320,
        height: 180,
        rate: 24,
        seconds: 30,
        extraArgs: ["-vf", "noise=alls=60:allf=t"],
      });
      const { id } = await gateway.trigger(path);
      const failed = await gateway.waitFor(
        id,
        ({ state }) => state === "failed" || state === "complete",
      );
      expect(failed.reason, JSON.stringify(failed.reason)).toMatchObject({ code: "disk_full" });
      expect(
        existsSync(join(dataDir, "upscaled")) ? await readdir(join(dataDir, "upscaled")) : [],
      ).toEqual([]);
      await expectGoodSegments(id, 720, await segmentsOf(id));
      await run("mount", ["-o", "remount,size=200m", small]);
      await playlists.startAnew(id);
      await gateway.trigger(path);
      await expectWhole(id, 720);
      await gateway[Symbol.asyncDispose]();
    } finally {
      await gateway.kill();
      await run("umount", ["-l", small]);
    }
  });
});
