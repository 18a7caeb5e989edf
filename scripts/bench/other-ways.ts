import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler, threadsFor } from "@upreel/upscaler";
import { planClip } from "./decode-clip.ts";
import { FILM_SIZES, makeFilm } from "./film.ts";
import { startPictureServer } from "./picture-server.ts";
import { pngLength } from "./png.ts";
import { measureWhole } from "./whole-pipeline.ts";

const MODEL = "upreel-x2-live16x1-int8";
const FILM_SECONDS = 8;
const SEGMENTS = 4;
/** Pictures under way at once: enough for every core to have one. */
const IN_FLIGHT = 4;
const ENCODE = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"];

/** The same film three ways at 640×360: one PNG a frame over HTTP, Upreel, and ffmpeg's own scaler. */
export async function benchOtherWays(clip: string | undefined): Promise<void> {
  await using temp = await makeTempFolder();
  await using upscaler = createUpscaler({ threads: threadsFor(availableParallelism()) });
  const folder = temp.path;
  const film = await makeFilm(join(folder, "other.mp4"), FILM_SECONDS, FILM_SIZES[0], clip);
  const plan = await planClip(film);
  const frames = SEGMENTS * plan.timeline.framesPerSegment;
  const rung = { model: await createCatalogue().find(MODEL), provider: "cpu" };
  await upscaler.load(rung);
  const http = await overHttp(film, frames, async () =>
    startPictureServer(upscaler, rung, FILM_SIZES[0], frames, folder),
  );
  const ours = (await measureWhole(plan, rung, SEGMENTS, upscaler, folder)).fps;
  const floor = await plainScaler(film, frames, join(folder, "plain.ts"));
  console.log(`| 360p, ${MODEL} | fps | × real time |\n| --- | ---: | ---: |`);
  for (const [way, fps] of [
    ["one PNG a frame over HTTP, luma only", http],
    ["Upreel, with sound and segments", ours],
    ["ffmpeg's lanczos scaler, no network", floor],
  ] as const) {
    console.log(`| ${way} | ${fps.toFixed(1)} | ${(fps / 24).toFixed(2)} |`);
  }
}

async function overHttp(
  film: string,
  frames: number,
  start: () => ReturnType<typeof startPictureServer>,
): Promise<number> {
  const target = `${film}.http.ts`;
  await using server = await start();
  const startMs = performance.now();
  const decoder = spawn("ffmpeg", [
    ...["-v", "error", "-i", film, "-frames:v", String(frames), "-pix_fmt", "gray"],
    ...["-c:v", "png", "-f", "image2pipe", "-"],
  ]);
  const encoder = spawn("ffmpeg", [
    ...["-v", "error", "-y", "-f", "image2pipe", "-c:v", "png", "-framerate", "24", "-i", "-"],
    ...[...ENCODE, target],
  ]);
  const underWay: Promise<Buffer>[] = [];
  const write = async (): Promise<void> => {
    const picture = await underWay.shift();
    if (picture !== undefined && !encoder.stdin.write(picture)) await once(encoder.stdin, "drain");
  };
  let pending = Buffer.alloc(0);
  for await (const bytes of decoder.stdout) {
    pending = Buffer.concat([pending, bytes as Buffer]);
    for (let length = pngLength(pending); length !== undefined; length = pngLength(pending)) {
      underWay.push(post(server.url, pending.subarray(0, length)));
      pending = pending.subarray(length);
      if (underWay.length >= IN_FLIGHT) await write();
    }
  }
  while (underWay.length > 0) await write();
  encoder.stdin.end();
  await once(encoder, "close");
  const seconds = (performance.now() - startMs) / 1_000;
  await rm(target);
  return frames / seconds;
}

async function post(url: string, png: Buffer): Promise<Buffer> {
  const response = await fetch(url, { method: "POST", body: new Uint8Array(png) });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  return await buffer(response.body);
}

async function plainScaler(film: string, frames: number, target: string): Promise<number> {
  const startMs = performance.now();
  await promisify(execFile)("ffmpeg", [
    ...["-v", "error", "-y", "-i", film, "-frames:v", String(frames)],
    ...["-vf", "scale=iw*2:ih*2:flags=lanczos", ...ENCODE, target],
  ]);
  return frames / ((performance.now() - startMs) / 1_000);
}
