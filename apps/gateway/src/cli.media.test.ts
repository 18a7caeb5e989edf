import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { countPictures } from "@upreel/media";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  FACE_SIDE,
  tinyDetector,
  tinyRestorer,
} from "../../../packages/upscaler/src/faces/testing/tiny-faces.ts";
import { pacedFfmpeg } from "../../../tests/support/paced-ffmpeg.ts";

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
const WAIT = { timeout: 240_000, interval: 50 };

let folder: TempFolder;
let started: ChildProcess[] = [];
beforeEach(async () => {
  folder = await makeTempFolder();
  started = [];
});
afterEach(async () => {
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  await folder[Symbol.asyncDispose]();
});

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder.path,
    env: {
      ...process.env,
      PORT: "0",
      VIDEO_ENCODER: "libx264",
      DATA_DIR: "data",
      ...env,
      LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code]) => Number(code));
  return { child, ended, output: () => output };
}

const clip = (name: string, seconds: number): Promise<string> =>
  makeClip(join(folder.path, name), { width: 128, height: 72, rate: 24, seconds });

/** Command lines of all processes that name this test's folder. */
async function processesOfTest(): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(folder.path));
}

it("upscale makes the film and its HLS, shows the progress and leaves nothing else", async () => {
  await clip("in.mp4", 5);
  // What one left that was killed goes, too.
  const dead = spawn("true");
  await once(dead, "exit");
  await mkdir(join(folder.path, `.upreel-${dead.pid}-x`, "streams"), { recursive: true });
  const run = start(["upscale", "in.mp4", "out.ts", "--hls", "hls"]);
  expect([await run.ended, run.output()]).toEqual([0, expect.stringContaining("120/120 frames")]);
  const made = await countPictures(
    join(folder.path, "out.ts"),
    { ffprobe: "ffprobe" },
    AbortSignal.timeout(240_000),
  );
  expect(made.frames).toBe(120);
  const playlist = join(folder.path, "hls/stream.m3u8");
  expect(await readFile(playlist, "utf8")).toContain("#EXT-X-ENDLIST");
  const counting = ["-v", "error", "-count_packets", "-select_streams", "v"];
  const entries = ["-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"];
  const played = await promisify(execFile)("ffprobe", [...counting, ...entries, playlist]);
  expect(Number.parseInt(played.stdout, 10)).toBe(120);
  expect((await readdir(folder.path)).sort()).toEqual(["hls", "in.mp4", "out.ts"]);
});

it("upscale makes a picture of a picture, without a gateway, and restores its faces where asked to", async () => {
  const faces = join(folder.path, "models", "faces");
  await mkdir(faces, { recursive: true });
  await writeFile(join(faces, "yunet.onnx"), tinyDetector());
  await writeFile(join(faces, "my-gan.onnx"), tinyRestorer("darker"));
  // What the stand-in detector takes for a face.
  const side = 2 * FACE_SIDE;
  const face = `color=0x1e1e1e:s=256x192,drawbox=64:48:${side}:${side}:0xebebeb:fill`;
  const photo = join(folder.path, "photo.png");
  await runFfmpeg(["-f", "lavfi", "-i", face, "-frames:v", "1", photo]);
  const make = async (name: string, ...more: readonly string[]): Promise<Buffer> => {
    const args = ["upscale", "photo.png", name, "--model", "lanczos", "--scale", "1", ...more];
    const run = start(args, { MODELS_DIR: "models" });
    expect(await run.ended, run.output()).toBe(0);
    expect(run.output()).toContain(`${name} (256x192, lanczos)`);
    return readFile(join(folder.path, name));
  };
  const plain = await make("plain.png");
  expect([plain.readUInt32BE(16), plain.readUInt32BE(20)]).toEqual([256, 192]);
  expect(plain.equals(await make("restored.png", "--faces", "1"))).toBe(false);
});

it("upscale that is interrupted leaves nothing behind and no process", async () => {
  await clip("in.mp4", 120);
  await using tools = await makeTempFolder();
  // It is not made before it is interrupted.
  const FFMPEG = await pacedFfmpeg(tools.path, 4);
  const run = start(["upscale", "in.mp4", "out.ts"], { FFMPEG });
  await vi.waitFor(() => expect(run.output()).toMatch(/\/2880 frames/), WAIT);
  run.child.kill("SIGINT");
  expect([await run.ended, run.output()]).toEqual([
    130,
    expect.stringContaining("cancelled; nothing was kept"),
  ]);
  expect(await readdir(folder.path)).toEqual(["in.mp4"]);
  // Of one that was killed the system may still have to do away with what is left.
  await expect.poll(processesOfTest).toEqual([]);
});

it("upscale says what is wrong with a film that has no pictures", async () => {
  await makeClip(join(folder.path, "in.mp4"), {
    width: 64,
    height: 64,
    rate: 24,
    seconds: 1,
    extraArgs: ["-map", "1:a"],
  });
  const run = start(["upscale", "in.mp4", "out.ts"]);
  expect(await run.ended).toBe(1);
  expect(run.output()).toMatch(/^upreel: .*expected a video track; got audio.*\n$/);
  expect(await readdir(folder.path)).toEqual(["in.mp4"]);
});

it("serve with films starts them at once, prints how to play it, and ends cleanly", async () => {
  await clip("film.mp4", 120);
  await symlink("film.mp4", join(folder.path, "a link.mkv"));
  await clip("other.mp4", 5);
  const run = start(["serve", "a link.mkv", "other.mp4"]);
  await vi.waitFor(() => expect(run.output().match(/\/watch\//g)).toHaveLength(2), WAIT);
  const hlsUrl = /^ {2}mpv "(http:\/\/127\.0\.0\.1:\d+\/hls\/[a-z2-7]+\/stream\.m3u8)"$/m.exec(
    run.output(),
  )?.[1];
  const whole = await fetch(hlsUrl ?? "no mpv line");
  expect(await whole.text()).toContain("segments/000000.ts");
  // A second one in the same data folder would delete the first one's work.
  const second = start(["serve"]);
  expect([await second.ended, second.output()]).toEqual([
    1,
    expect.stringMatching(/^upreel: the data folder .*data is in use by .*; expected that one to/),
  ]);
  run.child.kill("SIGTERM");
  expect(await run.ended).toBe(0);
  // Of one that was killed the system may still have to do away with what is left.
  await expect.poll(processesOfTest).toEqual([]);
  expect((await stat(join(folder.path, "data/streams"))).isDirectory()).toBe(true);
});
