import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { mp4CodecName, mp4HeaderBytes } from "./mp4-header.ts";

const FRAGMENTS = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"];

test.each([
  ["libx264", ["-preset", "veryfast", "-level", "4.0"], "avc1.640028"],
  ["libx265", ["-x265-params", "level-idc=30:log-level=error"], "hvc1.1.6.L90.90"],
  ["libvpx-vp9", ["-deadline", "realtime", "-cpu-used", "8"], "vp09.00.10.08"],
])("%s: the header ends where the fragments begin, and names %j", async (codec, args, name) => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mp4");
  const size = { width: 128, height: 64, rate: 25, seconds: 0.4 };
  await makeClip(path, { ...size, codec, extraArgs: [...args, ...FRAGMENTS], audio: false });
  const bytes = await readFile(path);
  const length = mp4HeaderBytes(bytes)!;
  expect(bytes.toString("latin1", length + 4, length + 8)).toBe("moof");
  expect(mp4CodecName(bytes.subarray(0, length))).toBe(name);
});

test("bytes that hold no fragment have no header", () => {
  expect(mp4HeaderBytes(Buffer.alloc(64))).toBeUndefined();
  expect(mp4HeaderBytes(Buffer.from("....ftyp"))).toBeUndefined();
});
