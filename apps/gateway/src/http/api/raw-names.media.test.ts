import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { probeSource, startFfmpeg } from "@upreel/media";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { titleOf } from "./trigger-body.ts";
import { directFiles } from "@upreel/sources";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

test("films and folders whose names are not UTF-8 are listed, found, probed and decoded", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "clip.mkv"), {
    ...{ width: 64, height: 36, rate: 25, seconds: 2 },
  });
  const inside = Buffer.concat([latin1(folder.path), latin1("/\xc9t\xe9")]);
  await mkdir(inside);
  await rename(clip, Buffer.concat([inside, latin1("/caf\xe9 'noir'.mkv")]));

  const { list, locate, lookAgain } = directFiles();
  const roots = [folder.path];
  const [found] = (await list(folder.path, roots)).entries;
  expect(found).toMatchObject({ name: "\uFFFDt\uFFFD", kind: "folder" });
  const [film] = (await list(found?.path, roots)).entries;
  expect(film).toMatchObject({ name: "caf\uFFFD 'noir'.mkv", kind: "film" });
  const path = film?.path ?? "";
  // As the page asks for it, and as a record keeps it.
  expect(JSON.parse(decodeURIComponent(encodeURIComponent(JSON.stringify(path))))).toBe(path);
  expect(titleOf(path)).toBe("caf\uFFFD 'noir'");

  const file = await locate(path, roots);
  expect(file.path).toBe(path);
  await lookAgain(file);
  const signal = AbortSignal.timeout(240_000);
  const { source } = await probeSource(file, { ffprobe: "ffprobe", ffmpeg: "ffmpeg" }, signal);
  expect(source.video).toMatchObject({ codec: "h264", width: 64 });
  const picture = join(folder.path, "frame.raw");
  const args = ["-v", "error", "-i", `file:${path}`, "-frames:v", "1", "-f", "rawvideo", picture];
  const decoder = startFfmpeg(args, { ffmpeg: "ffmpeg", name: "decoder" });
  expect(await decoder.exited).toMatchObject({ exitCode: 0, stderrTail: "" });
  expect((await stat(picture)).size).toBe((64 * 36 * 3) / 2);
});
