import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { createCatalogue } from "@upreel/upscaler";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { forkServer } from "./fork-server.ts";
import { printRows, type Row } from "./print-rows.ts";
import { untilMeasured } from "./until-measured.ts";

export interface FramesBenchOptions {
  readonly json: boolean;
  readonly clip: string | undefined;
}

const CLI = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));
const WARM_SERVICE = new URL("warm-service.ts", import.meta.url);
const TOKEN = "token-of-the-bench";
const MODELS = ["fsrcnn-x2", "span-x2", "realesrgan-x2"];
const FRAMES = 120;
/** As the plugin sends them with `max_concurrent` of two cores. */
const AT_A_TIME = 3;
const PROCESSES = 6;

/**
 * JPEG frames of 360 lines, each in a form of its own, through the door for the upscaler plugin: one after the other, as a player
 * sends them, and some at a time, as a job does. Beside it, by the same networks on the processor: a warm service as the plugin's own one is,
 * and a process for each frame.
 */
export async function benchFrames({ json, clip }: FramesBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const frames = await cutFrames(clip, folder.path);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { AI_SERVICE_PORT: "0", AI_SERVICE_TOKEN: TOKEN, KEEP_UP: "on", PROVIDERS: "cpu" },
  });
  await untilMeasured(gateway);
  const url = await serviceUrl(gateway);
  const rows: Row[] = [];
  for (const model of MODELS) {
    await load(url, model);
    const network = await networkOf(url, frames);
    const rung = { model: await createCatalogue().find(network), provider: "cpu" };
    await using warm = await forkServer(WARM_SERVICE, JSON.stringify(rung));
    for (const atATime of [1, AT_A_TIME]) {
      const name = `${model} (${network}), ${atATime} at a time`;
      const door = await sendFrames(url, frames, atATime);
      const service = await sendFrames(warm.url, frames, atATime);
      rows.push([`${name}, Upreel`, door, "fps"], [`${name}, a warm service`, service, "fps"]);
      rows.push([`${name}, Upreel's share of that`, door / service, "times"]);
    }
  }
  const alone = await timeProcesses(join(folder.path, "frames"), folder.path);
  rows.push(["a process for each frame, fastest", alone, "fps"]);
  printRows(`JPEG frames of 640×360 to 1280×720`, MODELS.join(", "), rows, json);
}

async function cutFrames(clip: string | undefined, folder: string): Promise<Buffer[]> {
  const source =
    clip ??
    (await makeClip(join(folder, "clip.mp4"), {
      ...{ width: 640, height: 360, rate: 24, seconds: FRAMES / 24, audio: false },
    }));
  const target = join(folder, "frames");
  await mkdir(target);
  await runFfmpeg([
    ...["-i", source, "-vf", "scale=640:360", "-frames:v", String(FRAMES), "-q:v", "4"],
    join(target, "%04d.jpg"),
  ]);
  const names = (await readdir(target)).toSorted();
  return Promise.all(names.map((name) => readFile(join(target, name))));
}

async function serviceUrl(gateway: RunningGateway): Promise<string> {
  const find = (): string | undefined =>
    gateway.logLines
      .map((line) => /plugin is answered on (http:[^\s"]+)/.exec(line)?.[1])
      .find(Boolean);
  await eventually("the service listens", () => find() !== undefined);
  return find() ?? "";
}

const headers = { "X-Api-Token": TOKEN };

async function load(url: string, model: string): Promise<void> {
  const body = new URLSearchParams({ model_name: model });
  const answer = await fetch(`${url}/models/load`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${model} was not loaded: ${await answer.text()}`);
}

/** By which network the model that is loaded makes frames. */
async function networkOf(url: string, frames: readonly Buffer[]): Promise<string> {
  const answer = await sendFrame(url, frames[0] ?? Buffer.of());
  return answer.headers.get("x-upreel-model") ?? "";
}

/** Answered to its last byte. */
async function sendFrame(url: string, frame: Buffer): Promise<Response> {
  const body = new FormData();
  body.append("file", new Blob([new Uint8Array(frame)], { type: "image/jpeg" }), "frame.jpg");
  const answer = await fetch(`${url}/upscale-frame`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`a frame was refused: ${await answer.text()}`);
  await answer.arrayBuffer();
  return answer;
}

/** Frames a second. */
async function sendFrames(
  url: string,
  frames: readonly Buffer[],
  atATime: number,
): Promise<number> {
  // Each process loads its network with its first frame.
  await Promise.all(frames.slice(0, 2 * atATime).map((frame) => sendFrame(url, frame)));
  const left = frames.values();
  const fromMs = performance.now();
  // All take from the same ones.
  const sender = async (): Promise<void> => {
    for (const frame of left) await sendFrame(url, frame);
  };
  await Promise.all(Array.from({ length: atATime }, sender));
  return (1_000 * frames.length) / (performance.now() - fromMs);
}

async function timeProcesses(frames: string, folder: string): Promise<number> {
  const names = (await readdir(frames)).toSorted().slice(0, PROCESSES);
  const fromMs = performance.now();
  for (const name of names)
    await promisify(execFile)(process.execPath, [
      ...[CLI, "upscale", join(frames, name), join(folder, `large-${name}`)],
      ...["--model", "fastest"],
    ]);
  return (1_000 * names.length) / (performance.now() - fromMs);
}
