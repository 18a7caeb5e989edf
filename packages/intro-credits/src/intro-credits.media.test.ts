import { fileURLToPath } from "node:url";
import { stat } from "node:fs/promises";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { openScans } from "@upreel/scan";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  CREDITS_SECONDS,
  EPISODE_SECONDS,
  INTRO_SECONDS,
  makeEpisode,
  makeFilm,
} from "./testing/make-episodes.ts";
import { createLocalJobs } from "../../jobs/src/index.ts";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ASKED = { isAsked: true };
const LEADS = [4, 9.5, 14];

/** The plugin as Upreel runs it: in its own process. */
function open(dataDir: string, beside: readonly string[]) {
  return openScans({
    ...{
      jobs: createLocalJobs(),
      dataDir,
      isOn: true,
      builtIn: [HERE],
      ownConfig: { ffmpeg: "ffmpeg" },
    },
    // Beside other tests, what is left over may be nothing.
    niceness: 0,
    path: process.env["PATH"] ?? "",
    places: {
      identify,
      beside: async () => beside,
      durationOf: async () => EPISODE_SECONDS,
    },
    viewers: { needProcessor: () => false, untilIdle: async () => undefined },
    events: { tell: () => undefined, subscribe: () => () => undefined },
    ...{ log: makeRecordingLog(), nowMs: () => Date.now() },
  });
}

async function identify(path: string) {
  const { size, mtimeMs } = await stat(path);
  return { path, sizeBytes: size, modifiedMs: mtimeMs };
}

it("finds the intro that three episodes share and their black ends to a second, and knows them the next time", async () => {
  await using folder = await makeTempFolder();
  const episodes: string[] = [];
  for (const [n, lead] of LEADS.entries())
    episodes.push(await makeEpisode(folder.path, n + 1, lead));
  const dataDir = join(folder.path, "data");
  {
    await using scans = open(dataDir, episodes);
    scans.want(episodes[1] ?? "", ASKED);
    await scans.idle();
    const { jobs } = await scans.status();
    expect(jobs).toMatchObject([
      { state: "done", films: 3, tasks: [{ plugin: "intro-credits", chapters: 6, skipped: {} }] },
    ]);
    for (const [n, path] of episodes.entries()) {
      const lead = LEADS[n] ?? 0;
      const [intro, credits] = await scans.chapters(await identify(path));
      expect(intro?.role).toBe("intro");
      expect(Math.abs((intro?.startSeconds ?? 0) - lead)).toBeLessThan(1);
      expect(Math.abs((intro?.endSeconds ?? 0) - lead - INTRO_SECONDS)).toBeLessThan(1);
      expect(credits?.role).toBe("credits");
      const begin = EPISODE_SECONDS - CREDITS_SECONDS;
      expect(Math.abs((credits?.startSeconds ?? 0) - begin)).toBeLessThan(1);
      expect(credits?.endSeconds).toBe(EPISODE_SECONDS);
    }
  }
  // Other episodes in the season: they are compared anew, and none of them is listened to again.
  await using scans = open(dataDir, episodes.slice(0, 2));
  scans.want(episodes[0] ?? "", ASKED);
  await scans.idle();
  const [job] = (await scans.status()).jobs;
  expect(job?.tasks).toMatchObject([{ state: "done", fingerprints: 0, chapters: 4 }]);
});

it("finds the credits of a film that is no episode, and says why it found none in another", async () => {
  await using folder = await makeTempFolder();
  const black = await makeFilm(join(folder.path, "Black.mkv"), true);
  const bright = await makeFilm(join(folder.path, "Bright.mkv"), false);
  await using scans = open(join(folder.path, "data"), []);
  for (const path of [black, bright]) scans.want(path, ASKED);
  await scans.idle();
  const { jobs } = await scans.status();
  expect(jobs).toMatchObject([
    { path: bright, tasks: [{ state: "done", chapters: 0, skipped: { no_match_found: 1 } }] },
    { path: black, tasks: [{ state: "done", chapters: 1, skipped: {} }] },
  ]);
  const begin = EPISODE_SECONDS - CREDITS_SECONDS;
  const [credits] = await scans.chapters(await identify(black));
  expect(credits).toMatchObject({ role: "credits", endSeconds: EPISODE_SECONDS });
  expect(Math.abs((credits?.startSeconds ?? 0) - begin)).toBeLessThan(1);
  expect(await scans.chapters(await identify(bright))).toEqual([]);
});
