import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { probeSource } from "./probe-source.ts";

let folder: TempFolder;
let clip = "";
beforeAll(async () => {
  folder = await makeTempFolder();
  const size = { width: 64, height: 36, rate: 25, seconds: 2 };
  clip = await makeClip(join(folder.path, "clip.mp4"), size);
});
afterAll(() => folder[Symbol.asyncDispose]());

const MPEG2 = ["-c:v", "mpeg2video", "-c:a", "mp2"];

test.each<[string, readonly string[]]>([
  ["mkv", ["-c", "copy"]],
  ["mp4", ["-c", "copy", "-movflags", "faststart"]],
  ["mov", ["-c", "copy"]],
  ["ts", ["-c", "copy"]],
  ["flv", ["-c", "copy"]],
  ["avi", ["-c:v", "mpeg4", "-c:a", "mp3"]],
  ["mpg", MPEG2],
  ["wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]],
  ["mxf", ["-c:v", "mpeg2video", "-c:a", "pcm_s16le"]],
])("a %s that is cut anywhere is a film, or is said to be none", async (format, args) => {
  const whole = join(folder.path, `whole.${format}`);
  await runFfmpeg(["-i", clip, ...args, whole]);
  const bytes = await readFile(whole);
  const places = [1, 64, 300, 800, bytes.length >> 1, bytes.length - 1];
  for (const place of places) {
    const path = join(folder.path, `cut-${place}.${format}`);
    await writeFile(path, bytes.subarray(0, place));
    const { size, mtimeMs } = await stat(path);
    const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
    const signal = AbortSignal.timeout(240_000);
    const code = await probeSource(file, { ffprobe: "ffprobe", ffmpeg: "ffmpeg" }, signal).then(
      () => "a film",
      (thrown: unknown) => (thrown instanceof UpreelError ? thrown.code : String(thrown)),
    );
    expect([place, code]).toEqual([
      place,
      expect.stringMatching(/^(a film|source_unreadable|source_no_video)$/),
    ]);
  }
});
