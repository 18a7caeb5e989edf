import { execFile } from "node:child_process";
import { copyFile, link, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { preciseNowMs, segmentFileName } from "@upreel/core";
import { makeRandom, runFfmpeg } from "@upreel/testkit";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { fetchWhole } from "./fetch-whole.ts";
import { measureFirstFilms } from "./first-film.ts";
import { readSteps, type StepTimes } from "./first-steps.ts";
import { measureMadeInVain } from "./made-in-vain.ts";
import { untilMeasured } from "./until-measured.ts";
import { DOUBLED } from "./film.ts";

const run = promisify(execFile);
const STARTS = 10;
const SEEKS = 20;
const POWER_CUTS = 5;
/** Segments of the film that is sought in: ten minutes. */
const LONG_SEGMENTS = 300;

/** How long viewers wait for what is not made yet, and what a film needs on the disk until it is complete. */
export async function measureTimeline(clip: string, model: string, folder: string) {
  await mkdir(folder, { recursive: true });
  const options = {
    dataDir: join(folder, "data"),
    roots: folder,
    // As for viewers, where the model is not named: the first segments by the quickest network.
    env: { ...DOUBLED, MODEL: model, KEEP_UP: model === "auto" ? "on" : "off" },
  };
  let gateway = await startGateway(options);
  try {
    await untilMeasured(gateway);
    const long = join(folder, "long.mp4");
    await runFfmpeg(["-stream_loop", "-1", "-i", clip, "-c", "copy", "-t", "600", long]);
    const starts = await measureStarts(gateway, long, folder);
    const { id } = await gateway.trigger(long);
    await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= 1);
    const seeks = await measureSeeks(gateway, id);
    const resumes: number[] = [];
    for (let cut = 0; cut < POWER_CUTS; cut += 1) {
      const { segments_ready: before } = await gateway.status(id);
      await gateway.kill();
      const startedMs = performance.now();
      gateway = await startGateway(options);
      await gateway.waitFor(id, ({ segments_ready: ready }) => ready > before);
      resumes.push(performance.now() - startedMs);
    }
    await gateway.post(`/streams/${id}/cancel`);
    const madeInVain = await measureMadeInVain(gateway, clip, folder);
    const disk = await measureDisk(gateway, clip, folder);
    await gateway[Symbol.asyncDispose]();
    const firsts = await measureFirstFilms(long, folder);
    return { firsts, starts, seeks, resumes, madeInVain, disk };
  } finally {
    await gateway[Symbol.asyncDispose]();
  }
}

/** Of several, how many milliseconds each took, and by which steps. */
interface Waits {
  readonly tookMs: readonly number[];
  readonly steps: readonly StepTimes[];
}

/** From a trigger to the last byte of segment 0. */
async function measureStarts(
  gateway: RunningGateway,
  film: string,
  folder: string,
): Promise<Waits> {
  const tookMs: number[] = [];
  const steps: StepTimes[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const copy = join(folder, `start ${start}.mp4`);
    // A film of its own for the gateway.
    await link(film, copy);
    const [beforeMs, fromLine] = [preciseNowMs(), gateway.logLines.length];
    const { id } = await gateway.trigger(copy);
    await fetchWhole(`${gateway.url}/hls/${id}/segments/${segmentFileName(0)}`);
    tookMs.push(preciseNowMs() - beforeMs);
    await gateway.post(`/streams/${id}/cancel`);
    steps.push(readSteps(gateway.logLines, fromLine, beforeMs));
  }
  return { tookMs, steps };
}

/** From asking for a segment far from all that is made to its last byte. */
async function measureSeeks(gateway: RunningGateway, id: string): Promise<Waits> {
  const random = makeRandom(1);
  const tookMs: number[] = [];
  const steps: StepTimes[] = [];
  for (let seek = 0; seek < SEEKS; seek += 1) {
    const k = Math.floor(((seek * 7) % SEEKS) * (LONG_SEGMENTS / SEEKS) + 5 + random.next() * 5);
    const [beforeMs, fromLine] = [preciseNowMs(), gateway.logLines.length];
    await fetchWhole(`${gateway.url}/hls/${id}/segments/${segmentFileName(k)}`);
    tookMs.push(preciseNowMs() - beforeMs);
    // What the run before had begun may still be told.
    steps.push(readSteps(gateway.logLines, fromLine, beforeMs));
  }
  return { tookMs, steps };
}

/** Shares of the finished film that its making needed beside it, at most and at its end. */
async function measureDisk(gateway: RunningGateway, clip: string, folder: string) {
  const path = join(folder, "disk.mp4");
  await copyFile(clip, path);
  const { id } = await gateway.trigger(path);
  const stream = join(folder, "data", "streams", id);
  const finished = join(folder, "data", "upscaled");
  const before = await bytesOf(finished);
  let peak = 0;
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      peak = Math.max(peak, (await bytesOf(stream)) + (await bytesOf(finished)) - before);
      await sleep(20);
    }
  })();
  const { file } = await gateway.waitFor(id, ({ state }) => state === "complete", 600_000);
  isDone = true;
  await watching;
  const { size } = await stat(file ?? "");
  return { peakShare: (peak - size) / size, endShare: (await bytesOf(stream)) / size };
}

async function bytesOf(folder: string): Promise<number> {
  const { stdout } = await run("du", ["-sb", folder]).catch(() => ({ stdout: "0" }));
  return Number.parseInt(stdout, 10);
}
