import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPieces } from "./clock-pieces.ts";
import { indexPackets } from "./packet-index.ts";
import type { TrackLog } from "./track-log.ts";

describe("the packet index", () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await makeTempFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const start = async (path: string) => {
    const { size, mtimeMs } = await stat(path);
    const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
    return indexPackets(file, { ffprobe: "ffprobe" }, AbortSignal.timeout(240_000));
  };
  const clip = (name: string, extraArgs: readonly string[] = []) =>
    makeClip(join(folder.path, name), { width: 64, height: 36, rate: 25, seconds: 4, extraArgs });

  it("holds all pictures and all sound", async () => {
    for (const name of ["film.mp4", "film.mkv", "film.ts"]) {
      const { end, tracks } = await (await start(await clip(name))).whole;
      expect(end).toEqual({ why: "end" });
      const [video, audio] = ["video", "audio"].map((kind) => tracks.find((t) => t.kind === kind));
      expect(video?.fragments).toMatchObject([{ jump: "start", packets: 100 }]);
      expect(audio?.gapCount).toBe(0);
      expect(Math.abs((audio?.packetMicros ?? 0) - 21_333)).toBeLessThan(1_000);
    }
  });

  it("tells the beginning of a film first, then its first part, of the same packets each time", async () => {
    // Small packets that come quickly: 9,000 of pictures, and none of sound.
    const path = await makeClip(join(folder.path, "long.mkv"), {
      ...{ width: 16, height: 16, rate: 300, seconds: 30, audio: false },
    });
    const count = ({ tracks }: { readonly tracks: readonly TrackLog[] }): number =>
      tracks.flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0);
    const indexing = await start(path);
    const beginning = await indexing.beginning;
    expect(beginning.end).toEqual({ why: "stopped" });
    expect(count(beginning)).toBe(8_000);
    const firstPart = await indexing.firstPart;
    expect(firstPart.end).toEqual({ why: "end" });
    expect(count(firstPart)).toBe(9_000);
  });

  it("that is given up before anybody waits for its first part disturbs nobody", async () => {
    const path = await clip("given-up.mp4");
    const { size, mtimeMs } = await stat(path);
    const giving = new AbortController();
    const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
    const { whole } = indexPackets(file, { ffprobe: "ffprobe" }, giving.signal);
    giving.abort();
    await expect(whole).rejects.toThrow("aborted");
  });

  it("finds where a joined recording begins its clock anew, and which bytes are whose", async () => {
    const [one, two] = [await clip("one.ts"), await clip("two.ts", ["-output_ts_offset", "50"])];
    const joined = join(folder.path, "joined.ts");
    const bytes = await Promise.all([one, two, one].map((path) => readFile(path)));
    await writeFile(joined, Buffer.concat(bytes));
    const { tracks } = await (await start(joined)).whole;
    const [video, ...sounds] = tracks.toSorted((a, b) => a.track - b.track);
    if (video === undefined) throw new Error("no pictures");
    const pieces = findPieces(video, sounds, { closesHoles: true, hasOwnClock: true });
    expect(pieces.map(({ startMicros }) => Math.round(startMicros / 1e6))).toEqual([1, 51, 1]);
    const sizes = bytes.map(({ length }) => length);
    const ends = [sizes[0] ?? 0, (sizes[0] ?? 0) + (sizes[1] ?? 0)];
    for (const [n, end] of ends.entries()) {
      const from = pieces[n + 1]?.fromByte ?? 0;
      expect(from).toBeGreaterThanOrEqual(end);
      expect(from).toBeLessThan(end + 188 * 8);
    }
  });

  it("takes no rounding for a jump: of Matroska to milliseconds, of varying rates and reordered pictures", async () => {
    for (const [name, rate, times] of [
      ["film.mkv", "24000/1001", "N/FR/TB"],
      ["fast.mkv", "60000/1001", "N/FR/TB"],
      ["varying.mkv", "60", "if(lt(N,16),N/8,2+(N-16)/60)/TB"],
      ["varying.ts", "60", "if(lt(N,16),N/8,2+(N-16)/60)/TB"],
      ["film.mp4", "24000/1001", "N/FR/TB"],
    ] as const) {
      const path = join(folder.path, `rounded-${name}`);
      const source = `testsrc2=s=64x36:r=${rate}:d=4,settb=1/90000,setpts='${times}'`;
      const codec = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-b_strategy", "0"];
      const times90k = ["-fps_mode", "passthrough", "-enc_time_base", "1:90000"];
      await runFfmpeg(["-f", "lavfi", "-i", source, ...codec, ...times90k, path]);
      const [video] = (await (await start(path)).whole).tracks;
      expect(video?.pictures.length, name).toBeGreaterThan(90);
      expect(video?.fragments, name).toHaveLength(1);
    }
  });

  it("says that a file breaks off, and can be stopped", async () => {
    const path = await clip("cut.mp4", ["-movflags", "+faststart"]);
    await truncate(path, Math.round((await stat(path)).size / 2));
    const { end, tracks } = await (await start(path)).whole;
    expect(end.why).toBe("broken");
    expect(tracks[0]?.fragments[0]?.packets).toBeLessThan(100);
    const stopped = await start(path);
    stopped.stop();
    expect((await stopped.whole).end.why).toBe("stopped");
  });
});
