import { appendFile, mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PlaylistChecker, eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectWhole } from "./support/film-checks.ts";
import { openChromium } from "./support/hls-page.ts";
import { openMpv } from "./support/mpv.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { record } from "./support/recording.ts";
import { makeStampedFilm, readStamps } from "./support/stamped-film.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const SECONDS = 24;
const FRAMES = SECONDS * 24;

let folder: TempFolder;
let dataDir: string;
let gateway: RunningGateway;
let film: string;

beforeAll(async () => {
  folder = await makeTempFolder();
  dataDir = join(folder.path, "data");
  await mkdir(join(folder.path, "films"));
  film = await makeStampedFilm(join(folder.path, "film.ts"), {
    ...{ width: 192, height: 108, seconds: SECONDS },
  });
  gateway = await startGateway({
    ...{ dataDir, roots: join(folder.path, "films") },
    env: { FFMPEG: await pacedFfmpeg(folder.path, 4), GROWTH_TIMEOUT: "20", MAX_STREAMS: "2" },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const hasBegun = (path: string): Promise<unknown> =>
  eventually("its beginning", async () => (await stat(path).catch(() => ({ size: 0 }))).size > 0);

/** It is finished, and shows each picture of the film once; sound before the first one lets that stand. */
async function expectAllPictures(id: string): Promise<void> {
  const { frames_total: frames } = await gateway.waitFor(id, ({ state }) => state === "complete");
  const lead = (frames ?? 0) - FRAMES;
  expect([0, 1]).toContain(lead);
  await expectWhole(gateway, dataDir, id, FRAMES + lead);
  const { reason, file } = await gateway.status(id);
  expect(reason).toBeNull();
  const stamps = await readStamps(file ?? "");
  expect(stamps.slice(lead)).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
}

it("a recording in progress plays while it grows, over a crash of the gateway, and is whole in the end", async () => {
  const path = join(folder.path, "films/recording.ts");
  await using recording = await record(film, path);
  recording.writeTo(0.25);
  await hasBegun(path);
  const { id, hls_url: url } = await gateway.trigger(path);
  await gateway.waitFor(id, ({ growing }) => growing);
  // How soon it gets longer is the recording's own affair.
  // When a list was made cannot be told from when a busy machine let it be seen.
  const untimed = { lateMs: Number.POSITIVE_INFINITY, earlyMs: Number.POSITIVE_INFINITY };
  const playlist = new PlaylistChecker("event", untimed);
  const look = async (): Promise<void> => {
    // An archived film has byte ranges in place of segments; nobody asks for a list that has ended.
    if (playlist.versions.at(-1)?.isEnded === true) return;
    const answer = await fetch(url);
    if (answer.ok) playlist.add({ text: await answer.text(), atMs: Date.now() });
  };
  // One look after the other: of two at once the later answer may be the earlier list.
  const watching = new AbortController();
  const watched = (async () => {
    while (!watching.signal.aborted) {
      await look().catch(() => {});
      await sleep(100);
    }
  })();
  await using chromium = await openChromium(gateway.url, url, -1);
  await using mpv = await openMpv(["--demuxer-lavf-o=live_start_index=0", url]);
  await Promise.all([chromium.playsFrom(0), mpv.playsFrom(0)]);

  const { segments_total } = await gateway.status(id);
  const before = segments_total ?? 0;
  const isSeen = (segments: number): Promise<boolean> =>
    eventually("a longer list", () => (playlist.versions.at(-1)?.segments.length ?? 0) >= segments);
  await isSeen(before);
  recording.writeTo(0.45);
  await isSeen(before + 1);
  process.kill(await gateway.gatewayProcess(), "SIGKILL");
  recording.writeTo(0.8);
  await isSeen(before + 3);
  expect((await gateway.status(id)).growing).toBe(true);
  await recording.end();
  await expectAllPictures(id);
  await Promise.all([chromium.ended(), mpv.ended]);
  expect(chromium.fatalProblems()).toEqual([]);
  watching.abort();
  await watched;
  await look();
  expect(playlist.checkEnd()).toEqual([]);
  expect(playlist.versions.length).toBeGreaterThanOrEqual(4);
  expect(await gateway.trigger(path)).toMatchObject({ id, status: "exists" });
});

it.concurrent("a film that is written with its header last waits with one message, and is made when it is whole", async () => {
  const path = join(folder.path, "films/download.mp4");
  await using recording = await record(film, path);
  recording.writeTo(0.5);
  await hasBegun(path);
  const { id } = await gateway.trigger(path);
  await gateway.waitFor(id, ({ reason }) => reason?.code === "source_growing");
  await recording.end();
  await expectAllPictures(id);
});

it.concurrent("a download that rested and goes on after it was planned as a whole film is whole in the end", async () => {
  const path = join(folder.path, "films/rested.ts");
  const bytes = await readFile(film);
  const rested = 188 * Math.floor((0.5 * bytes.length) / 188);
  await writeFile(path, bytes.subarray(0, rested));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(path, anHourAgo, anHourAgo);
  const { id } = await gateway.trigger(path);
  const planned = await gateway.waitFor(id, ({ segments_ready: ready }) => ready > 0);
  expect(planned.growing).toBe(false);
  await appendFile(path, bytes.subarray(rested));
  await expectAllPictures(id);
  expect(await gateway.trigger(path)).toMatchObject({ id, status: "exists" });
});
