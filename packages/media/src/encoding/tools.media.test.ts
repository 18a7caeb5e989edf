import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { z } from "zod";
import { chooseEncoder } from "./choose-encoder.ts";
import { countPictures } from "../tracks/count-pictures.ts";
import { ffprobe, longestReadMs } from "../ffmpeg/ffprobe.ts";
import { TOOLS } from "../testing/test-run.ts";
import { toolVersions } from "../ffmpeg/tool-versions.ts";

const soon = (): AbortSignal => AbortSignal.timeout(240_000);

test("libx264 is chosen without a word", async () => {
  expect(await chooseEncoder("libx264", TOOLS, soon())).toEqual({
    encoder: "libx264",
    warnings: [],
  });
});

test("an encoder that does not work here gives way to libx264, and says why", async () => {
  await using temp = await makeTempFolder();
  const ffmpeg = join(temp.path, "ffmpeg");
  // As on a machine without a GPU.
  const script = `#!/bin/sh
case "$*" in *"-c:v h264_vaapi"*) echo "No VA display found" >&2; exit 1;; esac
exec ffmpeg "$@"
`;
  await writeFile(ffmpeg, script, { mode: 0o755 });
  const choice = await chooseEncoder("h264_vaapi", { ffmpeg }, soon());
  expect(choice.encoder).toBe("libx264");
  expect(choice.warnings).toEqual([expect.stringMatching(/^h264_vaapi does not work here \(.+\)/)]);
});

test("auto finds an H.264 encoder that works", async () => {
  expect((await chooseEncoder("auto", TOOLS, soon())).encoder).toMatch(/264/);
});

test("HEVC comes with a warning", async () => {
  const { encoder, warnings } = await chooseEncoder("libx265", TOOLS, soon());
  expect(encoder).toBe("libx265");
  expect(warnings).toEqual([expect.stringContaining("not for Apple or Chrome")]);
});

test("versions of the tools are told, and a missing one with how to install it", async () => {
  const { ffmpeg, ffprobe } = await toolVersions(TOOLS, soon());
  expect(ffmpeg.version).not.toBe("");
  expect(ffprobe.command).toBe("ffprobe");
  await expect(toolVersions({ ...TOOLS, ffmpeg: "/no/ffmpeg" }, soon())).rejects.toMatchObject({
    code: "ffmpeg_missing",
    message: expect.stringContaining("install"),
  });
});

test("pictures are counted without decoding", async () => {
  await using folder = await makeTempFolder();
  const options = { width: 96, height: 64, rate: 25, seconds: 3 };
  const path = await makeClip(join(folder.path, "film.ts"), options);
  const counted = await countPictures(path, TOOLS, soon());
  expect(counted.frames).toBe(75);
  expect(counted.durationSeconds).toBeCloseTo(3, 1);
  expect(counted.startSeconds).toBeGreaterThan(1);
});

test("a probe that does not answer is ended; reading a whole film may take longer", async () => {
  await using temp = await makeTempFolder();
  const silent = join(temp.path, "ffprobe");
  await writeFile(silent, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
  await expect(
    ffprobe(z.unknown(), "film.mkv", [], { ffprobe: silent }, soon(), 50),
  ).rejects.toMatchObject({ code: "timeout", expected: "an answer in 0.05 s" });
  // Two hours at 10 Mbit/s: 9 GB, which an old hard disk reads in two minutes.
  expect(longestReadMs(9e9)).toBeGreaterThan(120_000);
});
