import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startFarmWorker } from "./support/start-farm-worker.ts";
import { makeStampedFilm, readStamps } from "./support/stamped-film.ts";
import { startGateway } from "./support/start-gateway.ts";

const SECONDS = 30;
const FRAMES = SECONDS * 24;

it("a gateway and a worker make one film together, and it becomes whole when the worker is killed", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeStampedFilm(film, { width: 448, height: 252, seconds: SECONDS });
  const dataDir = join(folder.path, "data");
  await using gateway = await startGateway({ dataDir, roots: folder.path });
  await using worker = await startFarmWorker(gateway, folder.path, "gaming-pc");
  const { id } = await gateway.trigger(film);
  const seen = await eventually("segments from the worker", async () => {
    const now = await worker.see();
    return now.segments >= 2 && now.runs.length > 0 ? now : undefined;
  });
  expect(seen.runs[0]).toMatchObject({ stream: id, title: "A film" });
  await worker.kill();
  const made = await gateway.waitFor(id, ({ state }) => state === "complete");
  expect(made.frames_done).toBe(FRAMES);
  expect((await worker.see()).state).toBe("away");
  // Published by runs: each segment once, those of the lost run included.
  const published = gateway.logLines.map((line) => /ended: \w+, (\d+) segments of/.exec(line)?.[1]);
  expect(published.reduce((sum, count) => sum + Number(count ?? 0), 0)).toBe(made.segments_total);
  expect(await readStamps(made.file ?? "")).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
});
