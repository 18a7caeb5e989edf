import { execFile } from "node:child_process";
import { once } from "node:events";
import { glob, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startFarmWorker } from "./support/start-farm-worker.ts";
import { makeStampedFilm, readStamps } from "./support/stamped-film.ts";
import { startGateway } from "./support/start-gateway.ts";

const CLI = fileURLToPath(new URL("../apps/gateway/src/cli.ts", import.meta.url));
const SECONDS = 30;
const FRAMES = SECONDS * 24;

it("a gateway and a worker make one film together, and it becomes whole when the worker is killed", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeStampedFilm(film, { width: 128, height: 72, seconds: SECONDS });
  const dataDir = join(folder.path, "data");
  // Two computers that are no faster than this, whatever the processor that they share is.
  const env = { MODEL: "auto", PROVIDERS: "auto", FFMPEG: await pacedFfmpeg(folder.path, 2) };
  await using gateway = await startGateway({ dataDir, roots: folder.path, env });
  await using worker = await startFarmWorker(gateway, folder.path, "gaming-pc", { env });
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

it("a worker with a wrong key says so and leaves, and keeps no figures of networks that it did not try", async () => {
  await using folder = await makeTempFolder();
  const [dataDir, TMPDIR] = [join(folder.path, "data"), join(folder.path, "tmp")];
  await mkdir(TMPDIR);
  const isMeasuring = async (): Promise<boolean> =>
    (await Array.fromAsync(glob("*/upreel-measure-*", { cwd: TMPDIR }))).length > 0;
  const gateway = createServer().on("upgrade", (_, socket) => {
    socket.on("error", () => undefined);
    void eventually("it measures networks", isMeasuring).then(() =>
      socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
    );
  });
  await once(gateway.listen(0, "127.0.0.1"), "listening");
  const { port } = gateway.address() as AddressInfo;
  const FARM_KEY = "a-wrong-key-that-is-long-enough";
  const env = { ...process.env, TMPDIR, DATA_DIR: dataDir, FARM_KEY };
  const said = Promise.withResolvers<string>();
  const worker = execFile(
    ...[process.execPath, [CLI, "worker", "--join", `http://pc@127.0.0.1:${port}`], { env }],
    (_, _stdout, stderr) => said.resolve(stderr),
  );
  expect(await said.promise).toMatch(/does not know this key.*upreel farm add/);
  expect(worker.exitCode).toBe(1);
  const measured = join(dataDir, "models", ".measured.json");
  const kept = await readFile(measured, "utf8").catch(() => "[]");
  expect(kept).not.toMatch(/refused/);
  gateway.close();
});
