import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readFile, readdir, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  PLAIN_SCALER,
  nameOfRung,
  segmentFileName,
  type ResolvedRun,
  type Rung,
} from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler, type Upscaler } from "@upreel/upscaler";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startUpscale } from "./run-upscale.ts";

const run = promisify(execFile);
const never = new AbortController().signal;

/** Hashes of the decoded pictures of a segment, in order. */
async function pictures(file: string): Promise<string[]> {
  const { stdout } = await run("ffmpeg", [
    ...["-nostdin", "-v", "error", "-i", file, "-map", "0:v", "-f", "framemd5", "-"],
  ]);
  const rows = stdout.split("\n").filter((line) => /^\d/.test(line));
  return rows.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

/** Of the processes with these ids, those that live; a zombie does not. */
async function alive(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z")),
  );
  return pids.filter((_, i) => !/\) [ZX]/.test(states[i] ?? ""));
}

describe("a run", () => {
  let folder: TempFolder;
  let upscaler: Upscaler;
  let base: ResolvedRun;
  let runs = 0;
  beforeAll(async () => {
    folder = await makeTempFolder();
    // Where the pipes lie: nobody else's are there.
    vi.stubEnv("TMPDIR", folder.path);
    upscaler = createUpscaler({ threads: 2 });
    const path = join(folder.path, "clip.mp4");
    await makeClip(path, { width: 64, height: 36, rate: "24000/1001", seconds: 12 });
    base = await order(path);
  });
  afterAll(async () => {
    await upscaler[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    await folder[Symbol.asyncDispose]();
  });

  async function order(
    path: string,
    change: Partial<ResolvedRun> = {},
    scale = 2,
    segmentSeconds = 2,
  ): Promise<ResolvedRun> {
    const { size, mtimeMs } = await stat(path);
    const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
    const probed = await probeSource(
      file,
      { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
      AbortSignal.timeout(240_000),
    );
    const { source } = probed;
    const planned = planOutput({
      ...{ source, scale, encoder: "libx264", quality: 20, maxOutputHeight: 2160 },
    });
    const timeline = buildTimeline(probed, segmentSeconds);
    return {
      ...{
        streamId: "s",
        runId: "r",
        folder: join(folder.path, `run-${++runs}`),
        source,
        timeline,
      },
      // Lossless: only then is what was encoded the same, whatever was encoded before it.
      output: { ...planned, quality: 0 },
      rung: { model: PLAIN_SCALER, provider: "ffmpeg" },
      ...{ fromSegment: 0, toSegment: Math.ceil(timeline.frameCount / timeline.framesPerSegment) },
      ...change,
    };
  }
  const newFolder = (change: Partial<ResolvedRun> = {}): ResolvedRun => ({
    ...base,
    folder: join(folder.path, `run-${++runs}`),
    ...change,
  });
  const begin = (of: ResolvedRun, ffmpeg = "ffmpeg", signal: AbortSignal = never) =>
    startUpscale(of, { upscaler, ffmpeg }, signal);
  const written = async (of: ResolvedRun): Promise<string[]> =>
    (await readdir(of.folder)).filter((name) => name.endsWith(".ts")).sort();
  const scratchFolders = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("upreel-run-"));
  /** Of this process, open on a pipe of a run. */
  const openPipes = async (): Promise<string[]> => {
    const fds = await readdir("/proc/self/fd");
    const paths = await Promise.all(
      fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    return paths.filter((path) => path.includes("upreel-run-"));
  };

  it("from a later segment gives the same pictures as one from the start, and leaves nothing", async () => {
    const whole = newFolder();
    const started = await begin(whole);
    expect(await started.ended).toMatchObject({
      why: "finished",
      frames: base.timeline.frameCount,
    });
    expect(await written(whole)).toHaveLength(base.toSegment);
    const part = newFolder({ fromSegment: 3, toSegment: 5 });
    const second = await begin(part);
    expect(await second.ended).toEqual({ why: "finished", frames: 96, decoded: [48, 48] });
    expect(await written(part)).toEqual([3, 4].map(segmentFileName));
    for (const k of [3, 4]) {
      const name = segmentFileName(k);
      const expected = await pictures(join(whole.folder, name));
      expect(expected).toHaveLength(48);
      expect(await pictures(join(part.folder, name))).toEqual(expected);
    }
    expect(await alive([...started.pids, ...second.pids])).toEqual([]);
    expect(await openPipes()).toEqual([]);
    expect(await scratchFolders()).toEqual([]);
  });

  describe("whose rung is changed", () => {
    /** Of networks whose pictures fill the output, and of such as need a last fit to it. */
    it.each([
      ["×2", 2, "upreel-x2-live16"],
      ["×1.5", 1.5, "upreel-x1.5-live16"],
      ["×3", 3, "upreel-x3-live16"],
      ["×2, fitted to ×1.5", 1.5, "upreel-x2-live16"],
    ])(
      "three times gives the pictures of runs of one rung, in %s",
      async (_name, scale, family) => {
        const path = join(folder.path, `long-${++runs}.mp4`);
        await makeClip(path, { width: 64, height: 36, rate: 24, seconds: 9 });
        const catalogue = createCatalogue();
        const network = async (shape: string): Promise<Rung> => ({
          model: await catalogue.find(`${family}${shape}-fp32`),
          provider: "cpu",
        });
        const plain = { model: PLAIN_SCALER, provider: "ffmpeg" };
        const rungs = [await network("x0"), plain, await network("x1")] as const;
        const planned = await order(path, { rung: rungs[0], otherRungs: [...rungs] }, scale, 0.5);
        const changes = [{ fromSegment: 0, rung: rungs[0] as Rung }];
        // At three times the film's speed: a run that nothing holds back is at its end before three changes.
        const slow = join(folder.path, "slow-decoder");
        const script = `#!/bin/sh
case "$*" in *avioflags*) exec ffmpeg -readrate 3 "$@";; *) exec ffmpeg "$@";; esac
`;
        await writeFile(slow, script);
        await chmod(slow, 0o755);
        const changed = { ...planned, folder: join(folder.path, `run-${++runs}`) };
        const started = await startUpscale(
          changed,
          {
            ...{ upscaler, ffmpeg: slow },
            onRung: (fromSegment, rung) => changes.push({ fromSegment, rung }),
          },
          never,
        );
        for (const [i, rung] of [rungs[1], rungs[2], rungs[0]].entries()) {
          started.setRung(nameOfRung(rung), i + 1);
          await eventually("the change", () => changes.length === i + 2);
        }
        expect((await started.ended).why).toBe("finished");
        expect(await alive(started.pids)).toEqual([]);
        const made = await pictures(join(changed.folder, "run.m3u8"));
        expect(made).toHaveLength(planned.timeline.frameCount);
        const rungOf = (frame: number): Rung | undefined =>
          changes.findLast(({ fromSegment }) => fromSegment * 12 <= frame)?.rung;
        for (const rung of rungs) {
          const alone = { ...planned, folder: join(folder.path, `run-${++runs}`), rung };
          expect((await (await begin(alone)).ended).why).toBe("finished");
          const expected = await pictures(join(alone.folder, "run.m3u8"));
          const isIts = (_: string, frame: number): boolean => rungOf(frame) === rung;
          expect(made.filter(isIts).length).toBeGreaterThan(0);
          expect(made.filter(isIts)).toEqual(expected.filter(isIts));
        }
      },
    );
  });

  it("deletes the pipes that a killed worker left, and none of a living one", async () => {
    const dead = spawn("true");
    await once(dead, "exit");
    for (const pid of [dead.pid, process.ppid]) await mkdir(join(tmpdir(), `upreel-run-${pid}-x`));
    const started = await begin(newFolder({ fromSegment: 5 }));
    expect((await started.ended).why).toBe("finished");
    expect(await scratchFolders()).toEqual([`upreel-run-${process.ppid}-x`]);
    await rm(join(tmpdir(), `upreel-run-${process.ppid}-x`), { recursive: true });
  });

  it("pauses, goes on where it was, and is cancelled without a process left", async () => {
    const started = await begin(newFolder());
    started.pause();
    started.resume();
    started.cancel();
    expect((await started.ended).why).toBe("cancelled");
    expect(await alive(started.pids)).toEqual([]);
    expect(await openPipes()).toEqual([]);
  });

  it("can be cancelled while paused, and no segment that is cut short gets its name", async () => {
    const paused = newFolder();
    const started = await begin(paused);
    await eventually("some frames", () => started.frames() > 10);
    started.pause();
    started.cancel();
    expect((await started.ended).why).toBe("cancelled");
    for (const name of await written(paused)) {
      expect(await pictures(join(paused.folder, name))).toHaveLength(48);
    }
  });

  for (const [index, code] of [
    [0, "decoder_failed"],
    [1, "encoder_failed"],
  ] as const) {
    it(`fails with ${code} when that process is killed, and ends the other one`, async () => {
      const killed = newFolder();
      const started = await begin(killed);
      started.pause();
      process.kill(started.pids[index] ?? 0, "SIGKILL");
      await eventually("its end", async () => (await alive(started.pids)).length < 2);
      started.resume();
      const end = await started.ended;
      expect(end).toMatchObject({ why: "failed", reason: { code } });
      expect(end.why === "failed" && end.reason.got).toContain("SIGKILL");
      expect(await alive(started.pids)).toEqual([]);
      for (const name of await written(killed)) {
        expect(await pictures(join(killed.folder, name))).toHaveLength(48);
      }
    });
  }

  it("ends when its encoder dies while the decoder waits for a disk that does not answer", async () => {
    const hanging = join(folder.path, "hanging-decoder");
    await writeFile(
      hanging,
      '#!/bin/sh\ncase "$*" in *rawvideo*tee*) exec ffmpeg "$@";; esac\nexec tail -f /dev/null\n',
    );
    await chmod(hanging, 0o755);
    const started = await begin(newFolder(), hanging);
    process.kill(started.pids[1] ?? 0, "SIGKILL");
    expect(await started.ended).toMatchObject({ reason: { code: "encoder_failed" } });
    expect(await alive(started.pids)).toEqual([]);
  });

  it("says that a source ended early, and how many pictures it made of it", async () => {
    const { timeline } = base;
    const longer = { ...timeline, frameCount: timeline.frameCount + 200 };
    const cut = newFolder({ timeline: longer, toSegment: base.toSegment + 4 });
    const end = await (await begin(cut)).ended;
    expect(end.why).toBe("source_truncated");
    expect(Math.abs(end.frames - timeline.frameCount)).toBeLessThanOrEqual(1);
  });

  it("repeats the last picture where the source is a few pictures short", async () => {
    const { timeline } = base;
    const longer = { ...timeline, frameCount: timeline.frameCount + 20 };
    const end = await (
      await begin(newFolder({ timeline: longer, fromSegment: 4, toSegment: 7 }))
    ).ended;
    expect(end).toMatchObject({ why: "finished", frames: longer.frameCount - 4 * 48 });
  });

  it("fills a hole in the source with its last picture, or with black where it has none", async () => {
    const { timeline } = base;
    const longer = { ...timeline, frameCount: timeline.frameCount + 200 };
    const fill = async (fromSegment: number, toSegment: number): Promise<string[]> => {
      const hole = newFolder({ timeline: longer, fromSegment, toSegment, fillsHole: true });
      const { why, frames } = await (await begin(hole)).ended;
      expect([why, frames]).toEqual(["finished", (toSegment - fromSegment) * 48]);
      const shown = await Promise.all(
        (await written(hole)).map((name) => pictures(join(hole.folder, name))),
      );
      return shown.flat();
    };
    const some = await fill(base.toSegment - 1, base.toSegment + 1);
    expect(some).toHaveLength(96);
    expect(new Set(some).size).toBeGreaterThan(20);
    expect(new Set(some.slice(48)).size).toBe(1);
    const none = await fill(base.toSegment + 1, base.toSegment + 2);
    expect(none).toHaveLength(48);
    expect(new Set(none).size).toBe(1);
    expect(none[0]).not.toBe(some.at(-1));
  });

  describe("that cannot start", () => {
    it("fails and leaves nothing without an ffmpeg", async () => {
      const end = await begin(newFolder(), "/nowhere/ffmpeg").then(
        ({ ended }) => ended,
        () => ({ why: "failed" }),
      );
      expect(end.why).toBe("failed");
      expect(await scratchFolders()).toEqual([]);
    });

    it("fails with what the decoder said of a file that is gone", async () => {
      const path = join(folder.path, "gone.mp4");
      const gone = newFolder({ source: { ...base.source, path } });
      const end = await (await begin(gone)).ended;
      expect(end).toMatchObject({ why: "failed", reason: { code: "decoder_failed" } });
      expect(end.why === "failed" && end.reason.got).toContain("No such file");
    });

    it("is cancelled while its ffmpegs wait for a disk that does not answer", async () => {
      const stuck = join(folder.path, "stuck-ffmpeg");
      const pidFile = join(folder.path, "stuck-pids");
      await writeFile(stuck, `#!/bin/sh\necho $$ >> ${pidFile}\nexec tail -f /dev/null\n`);
      await chmod(stuck, 0o755);
      const cancel = new AbortController();
      const starting = begin(newFolder(), stuck, cancel.signal);
      const pids = await eventually("both", async () => {
        const lines = (await readFile(pidFile, "utf8")).trim().split("\n");
        return lines.length === 2 && lines.map(Number);
      });
      cancel.abort();
      await expect(starting).rejects.toMatchObject({ name: "AbortError" });
      expect(await alive(pids)).toEqual([]);
      expect(await scratchFolders()).toEqual([]);
      await rm(stuck);
    });
  });

  it("hands the encoder the same bytes for a picture, wherever it began", async () => {
    // A stand-in for the encoder keeps what goes into it.
    const sink = join(folder.path, "sink");
    const sums = join(folder.path, "sums");
    const script = `#!/bin/sh
case "$*" in *rawvideo*tee*) ;; *) exec ffmpeg "$@";; esac
while [ "$1" != -i ]; do shift; done
cat "\${2#file:}" > ${sums}
`;
    await writeFile(sink, script);
    await chmod(sink, 0o755);
    const raw = async (of: ResolvedRun): Promise<Buffer> => {
      expect((await (await begin(of, sink)).ended).why).toBe("finished");
      return readFile(sums);
    };
    const first = await raw(newFolder({ toSegment: 2 }));
    const second = await raw(newFolder({ fromSegment: 1, toSegment: 2 }));
    const hash = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");
    expect(second.length).toBe(first.length / 2);
    expect(hash(second)).toBe(hash(first.subarray(first.length / 2)));
  });
});
