import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { planFile, runSegments, TOOLS } from "../testing/test-run.ts";
import { proveFilm } from "./prove-film.ts";

test("a film with all its sound is complete; one that lost that of a segment says where", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  await runFfmpeg([
    ...["-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=10", "-f", "lavfi"],
    // 5.1 that is mixed down, with a second of silence in each three.
    ...["-i", "aevalsrc='if(lt(mod(t,3),2),0.3*sin(2*PI*440*t),0)':s=48000:d=10"],
    ...["-preset", "ultrafast", "-c:v", "libx264", "-c:a", "ac3", "-ac", "6", path],
  ]);
  const plan = await planFile(path);
  const small = { ...plan, output: { ...plan.output, width: 64, height: 36 } };
  const count = segmentCount(plan.timeline);
  const run = join(folder.path, "run");
  await runSegments(small, { folder: run, fromSegment: 0, toSegment: count });
  const names = (await readdir(run)).filter((name) => /^\d{6}\.ts$/.test(name)).toSorted();
  const segments = await Promise.all(names.map((name) => readFile(join(run, name))));
  const archive = join(folder.path, "film.ts");
  const prove = async (parts: readonly Buffer[]) => {
    await writeFile(archive, Buffer.concat(parts));
    return proveFilm({ ...small, decoded: [], archive }, TOOLS, AbortSignal.timeout(240_000));
  };
  expect(await prove(segments)).toBeUndefined();

  const silent = join(folder.path, "silent.ts");
  const third = join(run, names[2]!);
  await runFfmpeg([
    "-copyts",
    "-i",
    third,
    "-map",
    "0:v",
    "-c",
    "copy",
    "-mpegts_copyts",
    "1",
    silent,
  ]);
  const holed = segments.with(2, await readFile(silent));
  expect(await prove(holed)).toMatchObject({
    code: "film_incomplete",
    message: expect.stringContaining("segment 2, at 00:00:04"),
    got: expect.stringMatching(/^1 without, of (9|10) s/),
  });
});
