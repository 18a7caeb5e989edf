import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FARM_PROTOCOLS, machineOfWorker } from "@upreel/core";
import { openFarm } from "@upreel/engine";
import { makeTempFolder } from "@upreel/testkit";
import { createGatewayClient, type FarmLink } from "@upreel/workers";
import { startTestApp } from "../../../apps/gateway/src/testing/start-app.ts";
import { makeFarmOrder } from "../../../packages/workers/src/farm/testing/make-farm-order.ts";
import type { Row } from "../print-rows.ts";

/** Two seconds at 8 Mbit/s. */
const SEGMENT_BYTES = 2_000_000;
const TIMES = 200;
const NAME = "pc";
const ignore = (): void => undefined;
const { signal } = new AbortController();

/** Milliseconds of one call: of processor, of all threads of this process, and of the clock. */
async function time(act: (n: number) => Promise<void>): Promise<Record<"cpu" | "wall", number>> {
  for (let n = 0; n < 10; n++) await act(n);
  const [before, beganMs] = [process.cpuUsage(), performance.now()];
  for (let n = 0; n < TIMES; n++) await act(n);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1_000 / TIMES, wall: (performance.now() - beganMs) / TIMES };
}

/**
 * What it takes to bring a worker's segment into the folder of its run, both ends in this process: by PUT with length and
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
  const gateway = createGatewayClient({ url: app.url, name: NAME, key: await desk.add(NAME) });
  const link: FarmLink = { send: ignore, close: ignore, onText: ignore, onClosed: ignore };
  desk.join(NAME, link);
  const facts = { version: "1", platform: "x", cpu: "x", cores: 1, memoryBytes: 1, gpus: [] };
  const offer = { places: 1, providers: [], encoders: ["libx264"], cores: 1, speeds: [] };
  link.onText(JSON.stringify({ type: "hello", protocols: [...FARM_PROTOCOLS], facts, offer }));
  const order = makeFarmOrder({ machine: machineOfWorker(NAME) });
  void farm.start(order, ignore, signal);

  const file = join(there, "segment.ts");
  await writeFile(file, randomBytes(SEGMENT_BYTES));
  const put = await time(async () => {
    await gateway.putSegment(order.runId, order.fromSegment, await readFile(file), signal);
  });
  const target = join(here, "segment.ts");
  const renamed = await time((n) => (n % 2 === 0 ? rename(file, target) : rename(target, file)));
  return [
    ["a segment of 2 MB by PUT, processor of both ends", put.cpu, "ms"],
    ["a segment of 2 MB by PUT, from its file to the answer", put.wall, "ms"],
    ["the same by rename on one disk", renamed.cpu, "ms"],
  ];
}
