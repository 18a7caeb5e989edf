import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  freePort,
  makeClip,
  makeTempFolder,
  startValkey,
  type TempFolder,
  type ValkeyServer,
} from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { watchSegments } from "./support/watch-segments.ts";

const SECONDS = 30;
const RATE = 25;
const SEGMENTS = SECONDS / 2;

let folder: TempFolder;
let valkey: ValkeyServer;
let dataDir: string;
const running: RunningGateway[] = [];

beforeAll(async () => {
  folder = await makeTempFolder();
  dataDir = join(folder.path, "data");
  valkey = await startValkey();
});
afterAll(async () => {
  valkey.resume();
  for (const gateway of running) await gateway[Symbol.asyncDispose]();
  await valkey[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function start(): Promise<RunningGateway> {
  const port = await freePort();
  const env = { FARM_URL: valkey.url, GATEWAY_URL: `http://127.0.0.1:${port}` };
  const gateway = await startGateway({ dataDir, roots: folder.path, port, env });
  running.push(gateway);
  return gateway;
}

async function fenceOnDisk(id: string): Promise<number> {
  const text = await readFile(join(dataDir, "streams", id, "stream.json"), "utf8");
  const record: unknown = JSON.parse(text);
  return Number(Object(record).fence);
}

const linesOf = (gateway: RunningGateway, words: string): number =>
  gateway.logLines.filter((line) => line.includes(words)).length;
const leftTo = (gateway: RunningGateway): number => linesOf(gateway, "is left to other gateways");

it("a film of two gateways plays to its end while their server forgets everything, is slow, and stands still", async () => {
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 480, height: 270, rate: RATE, seconds: SECONDS });
  const [a, b] = [await start(), await start()];
  const { id } = await a.trigger(path);
  const viewer = watchSegments(id, () => [a, b]);
  await viewer.upTo(2);
  const fence = await fenceOnDisk(id);

  for (let time = 0; time < 3; time += 1) {
    await valkey.tell("FLUSHALL");
    await viewer.upTo(viewer.sums.length + 1);
  }
  await valkey.tell("CLIENT", "PAUSE", "1500", "ALL");
  await viewer.upTo(viewer.sums.length + 1);
  // It stayed where it was all the time.
  expect([leftTo(a), leftTo(b)]).toEqual([0, 0]);
  expect(await fenceOnDisk(id)).toBe(fence);

  valkey.pause();
  await eventually("its owner lets it rest", () => leftTo(a) > 0);
  // What is made plays from both.
  for (const [k, sum] of viewer.sums.entries())
    expect([await viewer.sum(k), await viewer.sum(k)]).toEqual([sum, sum]);
  valkey.resume();
  await viewer.upTo(SEGMENTS);
  await eventually("it is whole", async () => (await b.status(id)).state === "complete");
  expect(await a.status(id)).toMatchObject({ state: "complete", frames_done: SECONDS * RATE });
  for (const [k, sum] of viewer.sums.entries()) expect([k, await viewer.sum(k)]).toEqual([k, sum]);
  expect([linesOf(a, "GATEWAY_URL must be"), linesOf(b, "GATEWAY_URL must be")]).toEqual([0, 0]);
});
