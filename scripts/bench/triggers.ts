import { link, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { startGateway } from "../../tests/support/start-gateway.ts";
import { percentile } from "../soak/resources.ts";
import { printRows, type Row } from "./print-rows.ts";

export interface TriggersBenchOptions {
  readonly json: boolean;
  /** Triggers at once. */
  readonly count: number;
}

/**
 * How long triggers wait for their answers when many come at once, each on a connection of its own: of
 * films that are new, and then of the same ones once more.
 */
export async function benchTriggers({ json, count }: TriggersBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const films = join(folder.path, "films");
  await mkdir(films);
  const clip = await makeClip(join(folder.path, "clip.mp4"), {
    ...{ width: 64, height: 36, rate: 25, seconds: 2, audio: false },
  });
  const paths = Array.from({ length: 1 + count }, (_, n) => join(films, `${n}.mp4`));
  for (const path of paths) await link(clip, path);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: films },
    env: { MODEL: "lanczos", LOG_LEVEL: "info" },
  });
  // One before them, so that all that is loaded once is there.
  const [first = "", ...others] = paths;
  const { id } = await gateway.trigger(first);
  await gateway.waitFor(id, ({ state }) => state === "complete");

  const rows: Row[] = [];
  for (const what of ["new films", "known films"]) {
    const waits = await Promise.all(others.map((path) => answerMs(gateway.url, path)));
    rows.push(
      [`${count} triggers of ${what} at once, p50`, percentile(waits, 0.5), "ms"],
      [`${count} triggers of ${what} at once, p99`, percentile(waits, 0.99), "ms"],
    );
  }
  await gateway.post(`/streams/${id}/cancel`);
  printRows("Triggers", "lanczos", rows, json);
}

/** From the first packet to the last byte of the answer. */
async function answerMs(url: string, path: string): Promise<number> {
  const { port, hostname, host } = new URL(url);
  const body = JSON.stringify({ path });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const beganMs = performance.now();
  const socket = connect({ port: Number(port), host: hostname });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.once("error", reject);
  socket.once("end", () => resolve(Buffer.concat(chunks).toString()));
  socket.write(
    `POST /upscale-trigger HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const answer = await promise;
  const tookMs = performance.now() - beganMs;
  if (!/^HTTP\/1\.1 20[02] /.test(answer)) throw new Error(`no good answer: ${answer}`);
  return tookMs;
}
