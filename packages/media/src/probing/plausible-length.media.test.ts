import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { probeFile } from "../testing/test-run.ts";

/** An AVI whose header says that each of its 20 pictures is shown for so many seconds. */
async function slowFilm(folder: string, secondsAPicture: number): Promise<string> {
  const clip = { width: 96, height: 64, rate: 10, seconds: 2, audio: false } as const;
  const path = await makeClip(join(folder, "film.avi"), { ...clip, codec: "mpeg4" });
  const bytes = await readFile(path);
  // The stream header: fourcc, two codes, flags, priority, language, initial frames, scale, rate.
  const scaleAt = bytes.indexOf("strh") + 8 + 20;
  bytes.writeUInt32LE(secondsAPicture, scaleAt);
  bytes.writeUInt32LE(1, scaleAt + 4);
  await writeFile(path, bytes);
  return path;
}

test("a film of a million seconds a picture is refused, one of ten is planned", async () => {
  await using folder = await makeTempFolder();
  await expect(probeFile(await slowFilm(folder.path, 1_000_000))).rejects.toMatchObject({
    code: "source_too_long",
    expected: "at most 26 hours",
  });
  await expect(probeFile(await slowFilm(folder.path, 1000))).rejects.toMatchObject({
    code: "source_too_long",
    expected: "at most 12000 s for 20 pictures",
  });
  const { frameCount, rate } = await probeFile(await slowFilm(folder.path, 10));
  expect((frameCount * rate.den) / rate.num).toBe(200);
});
