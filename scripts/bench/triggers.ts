import { link, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { streamStatusSchema } from "@upreel/core";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { z } from "zod";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { percentile } from "../soak/resources.ts";
import { forkServer } from "./fork-server.ts";
import { printRows, type Row } from "./print-rows.ts";
import { untilMeasured } from "./until-measured.ts";

export interface TriggersBenchOptions {
  readonly json: boolean;
  /** Triggers at once. */
  readonly count: number;
}

const BARE_SERVER = new URL("bare-server.ts", import.meta.url);
const A_SECOND = 50;
const SUSTAINED_SECONDS = 6;

/**
 * How long triggers wait for their answers, each on a connection of its own: many at once, of films that are
 * new and of the same ones once more, and so many a second while a film is made. Beside them what the same
 * client waits for where nothing is done for a call: at a bare server, and at the gateway's `/health`.
 */
export async function benchTriggers({ json, count }: TriggersBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const films = join(folder.path, "films");
  await mkdir(films);
  const clip = await makeClip(join(folder.path, "clip.mp4"), {
    ...{ width: 64, height: 36, rate: 25, seconds: 2, audio: false },
  });
  const sustained = A_SECOND * SUSTAINED_SECONDS;
  const paths = Array.from({ length: 1 + count + sustained }, (_, n) => join(films, `${n}.mp4`));
  for (const path of paths) await link(clip, path);
  const long = await makeClip(join(films, "long.mp4"), {
    ...{ width: 640, height: 360, rate: 24, seconds: 120, audio: false },
  });
  const rows = await measureBareServer(count, paths);

  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: films },
    env: { MODEL: "lanczos", LOG_LEVEL: "info", MAX_QUEUED: String(2 * paths.length) },
  });
  await untilMeasured(gateway);
  // One before them, so that all that is loaded once is there.
  const { id } = await gateway.trigger(paths[0] ?? "");
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const { url } = gateway;
  const making = await gateway.trigger(long);
  await gateway.waitFor(making.id, ({ state }) => state === "running");
  const steady = paths.slice(1 + count).map(async (path, n) => {
    await sleep((n * 1_000) / A_SECOND);
    return triggerMs(url, path);
  });
  const steadyWaits = await Promise.all(steady);
  await cancelAll(gateway);
  const health = await atOnce(paths.slice(1, 1 + count), () => getMs(url, "/health"));
  rows.push(...rowsOf(`${count} calls of /health at once`, health));
  for (const what of ["new films", "known films"]) {
    const waits = await atOnce(paths.slice(1, 1 + count), (path) => triggerMs(url, path));
    rows.push(...rowsOf(`${count} triggers of ${what} at once`, waits));
  }
  const beside = `${A_SECOND} triggers of new films a second beside one that is made`;
  rows.push(...rowsOf(beside, steadyWaits));
  printRows("Triggers", "lanczos", rows, json);
}

/** Nothing is made, nor waits to be. */
async function cancelAll(gateway: RunningGateway): Promise<void> {
  const answer = await fetch(`${gateway.url}/streams`);
  const { streams } = z.object({ streams: z.array(streamStatusSchema) }).parse(await answer.json());
  await Promise.all(streams.map(({ id }) => gateway.post(`/streams/${id}/cancel`)));
}

const atOnce = (paths: readonly string[], call: (path: string) => Promise<number>) =>
  Promise.all(paths.map(call));

const rowsOf = (what: string, waits: readonly number[]): Row[] => [
  [`${what}, p50`, percentile(waits, 0.5), "ms"],
  [`${what}, p99`, percentile(waits, 0.99), "ms"],
];

async function measureBareServer(count: number, paths: readonly string[]): Promise<Row[]> {
  await using server = await forkServer(BARE_SERVER);
  const { url } = server;
  await triggerMs(url, paths[0] ?? "");
  const call = (path: string): Promise<number> => triggerMs(url, path);
  const waits = await atOnce(paths.slice(1, 1 + count), call);
  return rowsOf(`${count} calls of a bare server at once`, waits);
}

function triggerMs(url: string, path: string): Promise<number> {
  const body = JSON.stringify({ path });
  const type = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  return answerMs(url, "POST /upscale-trigger", `${type}\r\n\r\n${body}`);
}

const getMs = (url: string, path: string): Promise<number> =>
  answerMs(url, `GET ${path}`, "Accept: */*\r\n\r\n");

/** From the first packet to the last byte of the answer. */
async function answerMs(url: string, what: string, rest: string): Promise<number> {
  const { port, hostname, host } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const beganMs = performance.now();
  const socket = connect({ port: Number(port), host: hostname });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.once("error", reject);
  socket.once("end", () => resolve(Buffer.concat(chunks).toString()));
  socket.write(`${what} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${rest}`);
  const answer = await promise;
  const tookMs = performance.now() - beganMs;
  if (!/^HTTP\/1\.1 20[02] /.test(answer)) throw new Error(`no good answer: ${answer}`);
  return tookMs;
}
