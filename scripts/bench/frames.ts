import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { printRows } from "./print-rows.ts";
import { untilMeasured } from "./until-measured.ts";

export interface FramesBenchOptions {
  readonly json: boolean;
  readonly clip: string | undefined;
}

const CLI = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));
const TOKEN = "token-of-the-bench";
const MODELS = ["fsrcnn-x2", "span-x2", "realesrgan-x2"];
const FRAMES = 120;
/** As the plugin sends them with `max_concurrent` of two cores. */
const AT_A_TIME = 3;
const PROCESSES = 6;

/**
 * JPEG frames of 360 lines through the door for the upscaler plugin: one after the other, as a player sends them, and
 * some at a time, as a job does; beside them a process for each frame.
 */
export async function benchFrames({ json, clip }: FramesBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const frames = await cutFrames(clip, folder.path);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { AI_SERVICE_PORT: "0", AI_SERVICE_TOKEN: TOKEN, KEEP_UP: "on" },
  });
  await untilMeasured(gateway);
  const url = await serviceUrl(gateway);
  const rows: [string, number, string][] = [];
  for (const model of MODELS) {
    await load(url, model);
    rows.push([`${model}, one at a time`, await sendFrames(url, frames, 1), "fps"]);
    rows.push([
      `${model}, ${AT_A_TIME} at a time`,
      await sendFrames(url, frames, AT_A_TIME),
      "fps",
    ]);
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

/** Frames a second. */
async function sendFrames(
  url: string,
  frames: readonly Buffer[],
  atATime: number,
): Promise<number> {
  const send = async (frame: Buffer): Promise<void> => {
    const body = new Uint8Array(frame);
    const answer = await fetch(`${url}/upscale-frame`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`a frame was refused: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  // Each process loads its network with its first frame.
  await Promise.all(frames.slice(0, 2 * atATime).map(send));
  const left = frames.values();
  const fromMs = performance.now();
  // All take from the same ones.
  const sender = async (): Promise<void> => {
    for (const frame of left) await send(frame);
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
