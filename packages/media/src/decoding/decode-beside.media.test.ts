import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { decodeBeside } from "./decode-beside.ts";
import { startFfmpeg, type FfmpegProcess } from "../ffmpeg/start-ffmpeg.ts";
import { joinParts } from "../testing/test-parts.ts";
import { TOOLS } from "../testing/test-run.ts";

const { ffmpeg } = TOOLS;

test("where the decoder of joined recordings fails, nothing is made of what it gave", async () => {
  await using folder = await makeTempFolder();
  const plan = await joinParts(folder.path, "film.ts", [
    { number: 0, seconds: 2.6 },
    { number: 30, seconds: 3 },
  ]);
  const request = { ...plan, firstFrame: 0, frames: 130, pixelFormat: "yuv420p" } as const;
  await rm(plan.source.path);
  let reader: FfmpegProcess | undefined;
  const read = (fifo: string): FfmpegProcess => {
    const raw = ["-f", "rawvideo", "-pixel_format", "gray", "-video_size", "8x8", "-i", fifo];
    const made = join(folder.path, "made.mkv");
    return (reader = startFfmpeg([...raw, made], { ffmpeg, name: "encoder" }));
  };
  const exit = await decodeBeside({ request, read }, { ffmpeg });
  expect(exit.exitCode).not.toBe(0);
  expect(exit.stderrTail).toContain("No such file");
  expect(await reader?.exited).toMatchObject({ signal: "SIGKILL" });
});
