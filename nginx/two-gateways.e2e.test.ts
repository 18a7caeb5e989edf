import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, freePort, makeClip, makeTempFolder, startValkey } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openChromium } from "../tests/support/hls-page.ts";
import { openMpv } from "../tests/support/mpv.ts";
import { pacedFfmpeg } from "../tests/support/paced-ffmpeg.ts";
import { startGateway, type RunningGateway } from "../tests/support/start-gateway.ts";
import { startNginx } from "./testing/start-nginx.ts";

const SECONDS = 30;
const RATE = 25;

const sumOf = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");

/** What is published of a stream: the sum of each segment by its name. */
async function published(dataDir: string, id: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(dataDir, "streams", id, "segments");
  const names = await readdir(folder).catch(() => []);
  const sums = names.map(async (name) => {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    return bytes && ([name, sumOf(bytes)] as const);
  });
  return new Map((await Promise.all(sums)).filter((each) => each !== undefined));
}

it("films play through nginx while one of two gateways is killed, and both are replaced one after the other", async () => {
  await using folder = await makeTempFolder();
  await using valkey = await startValkey();
  await using stack = new AsyncDisposableStack();
  const dataDir = join(folder.path, "data");
  // Most of it is still to be made when the first one goes, however long players take to begin.
  const FFMPEG = await pacedFfmpeg(folder.path, 0.75);
  const start = async (port: number): Promise<RunningGateway> => {
    const env = { FFMPEG, FARM_URL: valkey.url, GATEWAY_URL: `http://127.0.0.1:${port}` };
    return stack.use(await startGateway({ dataDir, roots: folder.path, port, env }));
  };
  const [portA, portB] = [await freePort(), await freePort()];
  const [a, b] = [await start(portA), await start(portB)];
  await using nginx = await startNginx(a.url, dataDir, 60, b.url);
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 192, height: 108, rate: RATE, seconds: SECONDS });
  const { id } = await a.trigger(path);
  await a.waitFor(id, (status) => status.segments_ready >= 2);

  /** Numbers of the first segment of the live playlist, as nginx answers them. */
  const sequences: number[] = [];
  const unanswered: string[] = [];
  const asking = new AbortController();
  const ask = async (): Promise<void> => {
    while (!asking.signal.aborted) {
      const list = await fetch(`${nginx.url}/hls/${id}/live.m3u8`);
      const text = await list.text();
      const sequence = /#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1];
      if (sequence === undefined) unanswered.push(`${list.status} ${text}`);
      else sequences.push(Number(sequence));
      const status = await fetch(`${nginx.url}/status/${id}`);
      if (!status.ok) unanswered.push(`${status.status} ${await status.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const asked = ask();

  const url = `${nginx.url}/hls/${id}/stream.m3u8`;
  // No more in memory than what is shown: it has to ask while gateways go.
  const lean = ["--cache=no", "--demuxer-readahead-secs=0", "--demuxer-max-bytes=64KiB"];
  await using mpv = await openMpv([...lean, url]);
  await using page = await openChromium(nginx.url, url, 0);
  await Promise.all([mpv.playsFrom(1), page.playsFrom(1)]);

  await a.kill();
  const beforeTakeover = await published(dataDir, id);
  await eventually("more is made by the other one", async () => {
    const now = await published(dataDir, id);
    return now.size > beforeTakeover.size;
  });
  // Rolled: each is told to end, and started anew, while the other one answers.
  const second = await start(portA);
  await mpv.playsFrom(9);
  await b[Symbol.asyncDispose]();
  const third = await start(portB);
  await mpv.playsFrom(16);
  await second[Symbol.asyncDispose]();
  await start(portA);

  const [mpvEnd] = await Promise.all([mpv.lastPosition(), page.ended()]);
  const whole = await eventually("it is whole", async () => {
    const status = await third.status(id);
    return status.state === "complete" && status;
  });
  asking.abort();
  await asked;
  expect(mpvEnd).toBeGreaterThan(SECONDS - 2);
  expect(page.fatalProblems()).toEqual([]);
  expect(whole).toMatchObject({ frames_done: SECONDS * RATE });
  expect(unanswered).toEqual([]);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  // What was published by an owner that is gone was not made again.
  for (const [name, sum] of beforeTakeover) {
    const segment = await fetch(`${nginx.url}/hls/${id}/segments/${name}`);
    expect([name, sumOf(Buffer.from(await segment.arrayBuffer()))]).toEqual([name, sum]);
  }
});
