import { execFile } from "node:child_process";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { openMpv } from "./support/mpv.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { recordPlaylists, type PlaylistRecorder } from "./support/record-playlists.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const run = promisify(execFile);
const SECONDS = 40;

/** Hashes of all decoded pictures and samples, in order, with their times. */
async function decode(url: string): Promise<string> {
  const inputs = ["-xerror", "-protocol_whitelist", "file,http,tcp", "-i", url];
  const { stdout } = await run("ffmpeg", ["-v", "error", ...inputs, "-f", "framemd5", "-"], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

describe("a film that is finished", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let playlists: PlaylistRecorder;
  let id: string;
  let url: string;
  /** stream.m3u8 from before it was finished. */
  let oldPlaylist: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const dataDir = join(folder.path, "data");
    playlists = recordPlaylists(dataDir);
    // It is not finished before its playlist is read, and a player has begun.
    const env = { FFMPEG: await pacedFfmpeg(folder.path, 2) };
    gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
    const path = join(folder.path, "film.mp4");
    await makeClip(path, { width: 192, height: 108, rate: "24000/1001", seconds: SECONDS });
    const answer = await gateway.trigger(path);
    id = answer.id;
    url = `${gateway.url}/hls/${id}/stream.m3u8`;
    oldPlaylist = await (await fetch(url)).text();
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it("goes on under a viewer who began before that", async () => {
    // No more of it in memory than what is shown, so that the rest comes from slices.
    const args = ["--cache=no", "--demuxer-readahead-secs=0", "--demuxer-max-bytes=64KiB"];
    await using mpv = await openMpv([...args, url]);
    await mpv.playsFrom(0);
    // Else it might come to the end of the film before that is archived, and leave.
    await mpv.command("set_property", "pause", true);
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await mpv.command("set_property", "pause", false);
    for (const target of [20, 3, SECONDS - 4]) {
      await mpv.seek(target);
      await mpv.playsFrom(target);
    }
    await mpv.ended;
    expect(await mpv.problems()).toEqual([]);
  });

  it("is stored once", async () => {
    const { file } = await gateway.waitFor(id, ({ state }) => state === "complete");
    const { size } = await stat(file ?? "");
    const { stdout } = await run("du", ["-sb", join(folder.path, "data", "streams", id)]);
    expect(Number.parseInt(stdout, 10)).toBeLessThan(size / 4);
    expect(await readdir(join(folder.path, "data", "streams", id, "segments"))).toEqual([]);
  });

  it("is the same to the last sample by its old playlist, its new one and in one piece", async () => {
    const playlist = await (await fetch(url)).text();
    expect(oldPlaylist).toContain("segments/000003.ts");
    expect(playlist).toContain("#EXT-X-BYTERANGE");
    const old = join(folder.path, "old.m3u8");
    await writeFile(old, oldPlaylist.replaceAll("segments/", `${gateway.url}/hls/${id}/segments/`));
    const byOld = await decode(old);
    expect(byOld.split("\n").length).toBeGreaterThan(900);
    expect(await decode(url)).toBe(byOld);
    expect(await decode(`${gateway.url}/hls/${id}/archive.ts`)).toBe(byOld);
  });

  it("breaks no rule of HLS on the way", async () => {
    expect(playlists.versionCount()).toBeGreaterThan(2);
    expect(await playlists.finish()).toEqual([]);
  });

  it("plays by byte ranges in mpv: from the middle, back, and to the end", async () => {
    await using mpv = await openMpv([`--start=${SECONDS / 2}`, url]);
    await mpv.playsFrom(SECONDS / 2);
    expect(await mpv.property("duration")).toBeCloseTo(SECONDS, 0);
    for (const target of [3, SECONDS - 4]) {
      await mpv.seek(target);
      await mpv.playsFrom(target);
    }
    await mpv.ended;
    expect(await mpv.problems()).toEqual([]);
  });

  it("plays by byte ranges in hls.js: from the middle, back, and to the end", async () => {
    await using page = await openChromium(gateway.url, url, SECONDS / 2, { mayBeLate: true });
    await page.playsFrom(SECONDS / 2);
    for (const target of [3, SECONDS - 4]) {
      await page.seek(target);
      await page.playsFrom(target);
    }
    await page.ended();
    expect(page.problems()).toEqual([]);
  });
});
