import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { expectGoodSegments, expectWhole, segmentsOf } from "./support/film-checks.ts";
import { letHurry, pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { recordPlaylists } from "./support/record-playlists.ts";
import { startGateway, type GatewayOptions, type RunningGateway } from "./support/start-gateway.ts";

const run = promisify(execFile);
const MEGABYTE = 1024 * 1024;

let folder: TempFolder;
/** Where a disk of the test's own size is mounted. */
let small: string;
let dataDir: string;
let gateway: RunningGateway | undefined;

beforeEach(async () => {
  if (process.getuid?.() !== 0) throw new Error("this test mounts a tmpfs: run it as root");
  folder = await makeTempFolder();
  small = join(folder.path, "small");
  dataDir = join(small, "data");
  await mkdir(small);
});
afterEach(async () => {
  await gateway?.[Symbol.asyncDispose]();
  gateway = undefined;
  await run("umount", ["-l", small]);
  await folder[Symbol.asyncDispose]();
});

async function startOnDisk(
  size: string,
  options: Pick<GatewayOptions, "env" | "playlists"> = {},
): Promise<RunningGateway> {
  await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", small]);
  gateway = await startGateway({ dataDir, roots: folder.path, ...options });
  return gateway;
}

it("on a full disk old unfinished work goes, pinned stays, the background waits and then goes on by itself", async () => {
  const films = await startOnDisk("64m", {
    env: {
      ...{ DISK_HIGH: "75%", DISK_LOW: "60%", RETENTION_HOURS: "0", MAX_STREAMS: "1" },
      // The long films are not finished meanwhile.
      FFMPEG: await pacedFfmpeg(folder.path, 4),
    },
  });
  const film = (name: string, seconds: number): Promise<string> =>
    makeClip(join(folder.path, name), { width: 96, height: 54, rate: 24, seconds, audio: false });
  const trigger = async (path: string, priority: "viewer" | "background"): Promise<string> => {
    const body = JSON.stringify({ path, priority });
    const answer = await fetch(`${films.url}/upscale-trigger`, { method: "POST", body });
    return ((await answer.json()) as { id: string }).id;
  };
  const [old, pinned] = [await film("old.mp4", 240), join(folder.path, "pinned.mp4")];
  await copyFile(old, pinned);
  const ids = [await trigger(old, "background"), await trigger(pinned, "background")];
  const [oldId = "", pinnedId = ""] = ids;
  await films.post(`/streams/${pinnedId}/pin`);
  await films.waitFor(oldId, (status) => status.segments_ready >= 1);
  await films.post(`/streams/${oldId}/cancel`);
  await films.waitFor(pinnedId, (status) => status.segments_ready >= 1);

  const ballast = join(small, "ballast");
  const held = films.waitFor(pinnedId, ({ state }) => state === "queued");
  await run("fallocate", ["-l", String(52 * MEGABYTE), ballast]);
  expect(await held).toMatchObject({ pinned: true });
  const isGone = async () => (await fetch(`${films.url}/status/${oldId}`)).status === 404;
  await eventually("the end of the old work", isGone);
  await eventually("word of it", () =>
    films.logLines.some((line) => /was deleted to make room on the disk: .* MB freed/.test(line)),
  );

  // Somebody who watches gets his film all the same.
  const watched = await trigger(await film("watched.mp4", 6), "viewer");
  // As a player does, which asks again: on a slow machine one question would not keep it a viewer.
  const first = `${films.url}/hls/${watched}/segments/000000.ts`;
  await eventually("its first segment", async () => (await fetch(first)).status === 200);
  const before = await films.status(pinnedId);
  expect(before.state).toBe("queued");

  await rm(ballast);
  await films.waitFor(pinnedId, (status) => status.segments_ready > before.segments_ready);

  // A URL never dies: a player that has kept it gets the film made again, wherever it goes on.
  const playlist = await fetch(`${films.url}/hls/${oldId}/stream.m3u8`);
  expect(await playlist.text()).toContain("segments/000003.ts");
  const segment = await fetch(`${films.url}/hls/${oldId}/segments/000003.ts`);
  expect([segment.status, (await segment.bytes()).length % 188]).toEqual([200, 0]);
  expect((await films.status(oldId)).ready_ranges[0]?.[0]).toBeGreaterThan(0);
});

it("a film stops with disk_full on a full disk and goes on when there is room again", async () => {
  const playlists = recordPlaylists(dataDir);
  const films = await startOnDisk("6m", { playlists });
  const path = await makeClip(join(folder.path, "noise.mp4"), {
    ...{ width: 320, height: 180, rate: 24, seconds: 12 },
    extraArgs: ["-vf", "noise=alls=60:allf=t"],
  });
  const { id } = await films.trigger(path);
  const failed = await films.waitFor(id, ({ state }) => state === "failed" || state === "complete");
  expect(failed.reason, JSON.stringify(failed.reason)).toMatchObject({ code: "disk_full" });
  expect(await readdir(join(dataDir, "upscaled")).catch(() => [])).toEqual([]);
  await expectGoodSegments(films, id, 288, await segmentsOf(dataDir, id));
  await playlists.startAnew(id);
  await run("mount", ["-o", "remount,size=200m", small]);
  await films.waitFor(id, ({ state }) => state !== "failed");
  await expectWhole(films, dataDir, id, 288);
  expect(await playlists.finish()).toEqual([]);
});

it("on a read-only disk a film fails by that name, and goes on by itself when the disk can be written to", async () => {
  const FFMPEG = await pacedFfmpeg(folder.path, 0.5);
  const films = await startOnDisk("64m", { env: { FFMPEG } });
  const path = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 96, height: 54, rate: 24, seconds: 24, audio: false as const },
  });
  const { id } = await films.trigger(path);
  await films.waitFor(id, ({ segments_ready: ready }) => ready >= 1);
  await films.post(`/streams/${id}/cancel`);
  await run("mount", ["-o", "remount,ro", small]);
  await copyFile(path, join(folder.path, "other.mp4"));
  const other = await fetch(`${films.url}/upscale-trigger`, {
    method: "POST",
    body: JSON.stringify({ path: join(folder.path, "other.mp4") }),
  });
  expect([other.status, await other.json()]).toMatchObject([507, { code: "disk_read_only" }]);
  await films.post(`/streams/${id}/resume`);
  const failed = await films.waitFor(id, ({ state }) => state === "failed");
  expect(failed.reason?.code).toBe("disk_read_only");
  await letHurry(folder.path);
  await run("mount", ["-o", "remount,rw", small]);
  await films.waitFor(id, ({ state }) => state !== "failed");
  await expectWhole(films, dataDir, id, 24 * 24);
});
