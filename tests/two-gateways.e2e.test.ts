import { readdir, readFile } from "node:fs/promises";
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
  for (const gateway of running) await gateway[Symbol.asyncDispose]();
  await valkey[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function start(): Promise<RunningGateway> {
  const port = await freePort();
  const env = {
    ...{ FARM_URL: valkey.url, GATEWAY_URL: `http://127.0.0.1:${port}` },
    // 1080 lines, four times as many, would say nothing more of two gateways.
    TARGET_HEIGHT: "540",
  };
  const gateway = await startGateway({ dataDir, roots: folder.path, port, env });
  running.push(gateway);
  return gateway;
}

/** The segments that are on the disk now, by their names. */
const published = (id: string): Promise<readonly string[]> =>
  readdir(join(dataDir, "streams", id, "segments")).catch(() => []);

const fenceOf = async (id: string): Promise<number> => {
  const record: unknown = JSON.parse(
    await readFile(join(dataDir, "streams", id, "stream.json"), "utf8"),
  );
  return Number(Object(record).fence);
};

it("a film plays to its end while its gateways change, are killed, drained and cut off", async () => {
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 480, height: 270, rate: RATE, seconds: SECONDS });
  const [a, b] = [await start(), await start()];
  const { id } = await a.trigger(path);
  // The same film, asked of the other one: the same stream, which goes on where it is.
  expect(await b.trigger(path)).toMatchObject({ id });
  let gateways: readonly RunningGateway[] = [a, b];
  const viewer = watchSegments(id, () => gateways);
  await viewer.upTo(3);
  expect(await b.status(id)).toMatchObject({ id, title: "A film" });
  const list = await fetch(`${b.url}/streams`).then((answer) => answer.json());
  expect(list).toMatchObject({ streams: [{ id }] });
  const first = await fenceOf(id);

  await a.kill();
  gateways = [b];
  await viewer.upTo((await published(id)).length + 1);
  expect(await fenceOf(id)).toBeGreaterThan(first);

  const c = await start();
  gateways = [b, c];
  await viewer.upTo(Math.min(SEGMENTS, viewer.sums.length + 2));
  // It is told to end while it makes the film.
  const drained = b[Symbol.asyncDispose]();
  gateways = [c];
  await viewer.upTo(Math.min(SEGMENTS, (await published(id)).length + 1));
  await drained;

  await valkey.kill();
  const before = await published(id);
  for (const [k, sum] of viewer.sums.entries()) expect([k, await viewer.sum(k)]).toEqual([k, sum]);
  expect(await published(id)).toEqual(expect.arrayContaining([...before]));
  await valkey.start();
  const d = await start();
  gateways = [c, d];
  await viewer.upTo(SEGMENTS);
  await eventually("it is whole", async () => (await d.status(id)).state === "complete");
  expect(await c.status(id)).toMatchObject({ state: "complete", frames_done: SECONDS * RATE });
  for (const [k, sum] of viewer.sums.entries()) expect([k, await viewer.sum(k)]).toEqual([k, sum]);
});
