import { randomBytes } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FARM_BEAT_MS, FARM_PROTOCOLS, machineOfWorker, type FarmReport } from "@upreel/core";
import { openFarm } from "@upreel/engine";
import { makeTempFolder } from "@upreel/testkit";
import type { FarmLink } from "@upreel/workers";
import { startTestApp } from "../../../apps/gateway/src/testing/start-app.ts";
import { makeFarmOrder } from "../../../packages/workers/src/farm/testing/make-farm-order.ts";
import type { Row } from "../print-rows.ts";

/** Two seconds at 8 Mbit/s. */
const SEGMENT_BYTES = 2_000_000;
const TIMES = 200;
const SENDER = fileURLToPath(new URL("send-segments.ts", import.meta.url));
const run = promisify(execFile);
const NAME = "pc";
const ignore = (): void => undefined;
const { signal } = new AbortController();

/** Milliseconds of processor of this process that one of so many calls takes. */
async function timeOne(times: number, act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

/**
 * What it takes to bring a worker's segment into the folder of its run, by PUT with length and
 * sum, and by rename where both have that folder. Whatever is looked at and published afterwards is the same.
 */
export async function measureReturn(): Promise<Row[]> {
  await using folder = await makeTempFolder();
  const [there, here] = ["worker", "gateway"].map((name) => join(folder.path, name));
  if (there === undefined || here === undefined) throw new Error("no folders");
  for (const each of [there, here]) await mkdir(each);
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const { farm, desk } = await openFarm(folder.path, {
    ...{ log, events: { tell: ignore } },
    segments: { accept: (_, k, bytes) => writeFile(join(here, `${k}.ts`), bytes) },
  });
  using _farm = farm;
  await using app = await startTestApp({}, undefined, { farm: desk });
  const link: FarmLink = { send: ignore, close: ignore, onText: ignore, onClosed: ignore };
  const key = await desk.add(NAME);
  desk.join(NAME, link);
  const facts = { version: "1", platform: "x", cpu: "x", cores: 1, memoryBytes: 1, gpus: [] };
  const offer = { places: 1, providers: [], encoders: [], cores: 1, speeds: [] };
  const say = (report: FarmReport): void => link.onText(JSON.stringify(report));
  say({ type: "hello", protocols: [...FARM_PROTOCOLS], facts, offer });
  const order = makeFarmOrder({ machine: machineOfWorker(NAME) });
  void farm.start(order, ignore, signal);
  say({ type: "working", runId: order.runId });
  const beating = setInterval(() => say({ type: "beat" }), FARM_BEAT_MS);

  const file = join(there, "segment.ts");
  await writeFile(file, randomBytes(SEGMENT_BYTES));
  const words = [app.url, NAME, key, order.runId, String(order.fromSegment), file, String(TIMES)];
  let sent = { cpu: 0, wall: 0 };
  const taken = await timeOne(TIMES + 20, async () => {
    sent = JSON.parse((await run(process.execPath, [SENDER, ...words])).stdout);
  });
  clearInterval(beating);
  const target = join(here, "segment.ts");
  const renamed = await timeOne(2 * TIMES, async () => {
    for (let n = 0; n < TIMES; n++) {
      await rename(file, target);
      await rename(target, file);
    }
  });
  return [
    ["a segment of 2 MB by PUT, processor of the gateway", taken, "ms"],
    ["a segment of 2 MB by PUT, processor of the worker", sent.cpu, "ms"],
    ["a segment of 2 MB by PUT, from its file to the answer", sent.wall, "ms"],
    ["the same by rename on one disk, processor", renamed, "ms"],
  ];
}
