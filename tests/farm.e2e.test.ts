import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startFarmWorker } from "./support/start-farm-worker.ts";
import { startGateway } from "./support/start-gateway.ts";

const SECONDS = 32;
const RATE = 24;

/** How alike two films are, picture by picture, in dB. */
async function likeness(a: string, b: string): Promise<readonly number[]> {
  const list = `${a}.psnr`;
  const filter = `[0:v][1:v]psnr=stats_file=${list}`;
  await runFfmpeg(["-i", a, "-i", b, "-lavfi", filter, "-f", "null", "-"]);
  const lines = (await readFile(list, "utf8")).matchAll(/psnr_avg:(\S+)/g);
  return Array.from(lines, ([, db]) => (db === "inf" ? Infinity : Number(db)));
}

it("a gateway and a worker make one film together, and it becomes whole when the worker is killed", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeClip(film, { width: 480, height: 270, rate: RATE, seconds: SECONDS });
  const [aloneDir, dataDir] = [join(folder.path, "alone"), join(folder.path, "data")];
  const roots = folder.path;
  await using alone = await startGateway({ dataDir: aloneDir, roots });
  const wanted = await alone.trigger(film);
  const whole = await alone.waitFor(wanted.id, ({ state }) => state === "complete");
  await alone[Symbol.asyncDispose]();

  await using gateway = await startGateway({ dataDir, roots });
  await using worker = await startFarmWorker(gateway, folder.path, "gaming-pc");
  const { id } = await gateway.trigger(film);
  const seen = await eventually("segments from the worker", async () => {
    const now = await worker.see();
    return now.segments >= 2 && now.runs.length > 0 ? now : undefined;
  });
  expect(seen.runs[0]).toMatchObject({ stream: id, title: "A film" });
  await worker.kill();
  const made = await gateway.waitFor(id, ({ state }) => state === "complete");
  expect(made.frames_done).toBe(SECONDS * RATE);
  expect((await worker.see()).state).toBe("away");
  // Published by runs: each segment once, those of the lost run included.
  const published = gateway.logLines.map((line) => /ended: \w+, (\d+) segments of/.exec(line)?.[1]);
  expect(published.reduce((sum, count) => sum + Number(count ?? 0), 0)).toBe(made.segments_total);
  const alike = await likeness(made.file ?? "", whole.file ?? "");
  expect(alike).toHaveLength(SECONDS * RATE);
  // An encoder that begins elsewhere rounds otherwise; a picture of another moment has less than 25 dB.
  expect(Math.min(...alike)).toBeGreaterThan(38);
});
