import { createHash } from "node:crypto";
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

const PACKET_BYTES = 188;
const isNull = (bytes: Buffer): boolean => (bytes.readUInt16BE(1) & 0x1fff) === 0x1fff;

/** Of a segment that was waited for: without the empty packets that kept its player waiting. */
function withoutWaiting(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length && isNull(bytes.subarray(from))) from += PACKET_BYTES;
  return bytes.subarray(from);
}

/** A player behind a balancer: each segment from the next gateway; what does not answer is asked of another one. */
function watch(id: string, gateways: () => readonly RunningGateway[]) {
  let turn = 0;
  const sums: string[] = [];
  const ask = async (k: number): Promise<string | undefined> => {
    const all = gateways();
    const gateway = all[turn++ % all.length];
    const name = `${String(k).padStart(6, "0")}.ts`;
    const answer = await fetch(`${gateway?.url}/hls/${id}/segments/${name}`);
    if (!answer.ok) throw new Error(`segment ${k}: ${answer.status} ${await answer.text()}`);
    const bytes = withoutWaiting(Buffer.from(await answer.arrayBuffer()));
    return createHash("sha1").update(bytes).digest("hex");
  };
  return {
    sums,
    sum: ask,
    async upTo(end: number): Promise<void> {
      while (sums.length < end) {
        const sum = await eventually(`segment ${sums.length}`, () =>
          ask(sums.length).catch((error: unknown) => {
            // Cut, or refused: a balancer asks the next one. What is answered must be a segment.
            if (error instanceof TypeError) return undefined;
            throw error;
          }),
        );
        sums.push(sum);
      }
    },
  };
}

it("a film plays to its end while its gateways change, are killed, drained and cut off", async () => {
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 480, height: 270, rate: RATE, seconds: SECONDS });
  const [a, b] = [await start(), await start()];
  const { id } = await a.trigger(path);
  // The same film, asked of the other one: the same stream, which goes on where it is.
  expect(await b.trigger(path)).toMatchObject({ id });
  let gateways: readonly RunningGateway[] = [a, b];
  const viewer = watch(id, () => gateways);
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
