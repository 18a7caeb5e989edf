import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { videoCodecName } from "./codec-name.ts";

test.each([
  ["libx264", ["-preset", "veryfast", "-level", "4.0"], "avc1.640028"],
  ["libx264", ["-profile:v", "baseline", "-level", "3.1"], "avc1.42c01f"],
  // ISO/IEC 14496-15 annex E: main profile, compatible with main and main 10, main tier of 3.0.
  ["libx265", ["-x265-params", "level-idc=30:log-level=error"], "hvc1.1.6.L90.90"],
])("%s with %j is %s", async (codec, extraArgs, name) => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.ts");
  const size = { width: 128, height: 64, rate: 25, seconds: 0.4 };
  await makeClip(path, { ...size, codec, extraArgs, audio: false });
  expect(videoCodecName(await readFile(path))).toBe(name);
});

test("bytes without video have no name", () => {
  expect(videoCodecName(new Uint8Array(188))).toBeUndefined();
});
