import { stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileIdentity } from "@upreel/core";
import { openScans } from "@upreel/scan";
import { makeRecordingLog, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLocalJobs } from "../../jobs/src/index.ts";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ASKED = { isAsked: true };
const SECONDS = 4;

async function identify(path: string): Promise<FileIdentity> {
  const { size, mtimeMs } = await stat(path);
  return { path, sizeBytes: size, modifiedMs: mtimeMs };
}

/** The plugin as Upreel runs it: in its own process. */
const open = (dataDir: string) =>
  openScans({
    ...{ jobs: createLocalJobs(), dataDir, isOn: true, builtIn: [HERE] },
    ownConfig: { ffmpeg: "ffmpeg", ffprobe: "ffprobe" },
    // Beside other tests, what is left over may be nothing.
    niceness: 0,
    path: process.env["PATH"] ?? "",
    places: { identify, beside: async () => [], durationOf: async () => SECONDS },
    viewers: { needProcessor: () => false, untilIdle: async () => undefined },
    events: { tell: () => undefined, subscribe: () => () => undefined },
    ...{ log: makeRecordingLog(), nowMs: () => Date.now() },
  });

it("keeps the facts of a film until its file is another one, and tells none while it is switched off", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mkv");
  const pictures = `testsrc2=s=160x72:r=25:d=${SECONDS},pad=160:96:0:12:black`;
  await runFfmpeg(["-f", "lavfi", "-i", pictures, "-preset", "ultrafast", film]);
  const dataDir = join(folder.path, "data");
  const bars = { top: 12, bottom: 12, left: 0, right: 0 };
  {
    await using scans = open(dataDir);
    expect(await scans.facts(await identify(film))).toBeUndefined();
    scans.want(film, ASKED);
    await scans.idle();
    const [job] = (await scans.status()).jobs;
    expect(job).toMatchObject({
      state: "done",
      tasks: [{ plugin: "film-facts", state: "done", fingerprints: 1, facts: { bars } }],
    });
  }
  await using scans = open(dataDir);
  expect(await scans.facts(await identify(film))).toMatchObject({ bars, loudness: null });
  scans.want(film, ASKED);
  await scans.idle();
  expect((await scans.status()).jobs).toMatchObject([
    { tasks: [{ state: "known", facts: { bars } }] },
  ]);
  await scans.setEnabled("film-facts", false);
  expect(await scans.facts(await identify(film))).toBeUndefined();
  await scans.setEnabled("film-facts", true);
  await utimes(film, 1_000, 1_000);
  expect(await scans.facts(await identify(film))).toBeUndefined();
  scans.want(film, ASKED);
  await scans.idle();
  expect((await scans.status()).jobs[0]).toMatchObject({ tasks: [{ state: "done" }] });
  expect(await scans.facts(await identify(film))).toMatchObject({ bars });
});
