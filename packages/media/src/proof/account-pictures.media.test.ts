import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reason } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { planFile, TOOLS } from "../testing/test-run.ts";
import { makeFieldCodedFilm } from "../testing/field-coded-film.ts";
import { proveFilm } from "./prove-film.ts";

/** What is said of the pictures of a silent film; all of them are decoded for it. */
async function prove(path: string): Promise<Reason | undefined> {
  const plan = await planFile(path);
  return proveFilm({ ...plan, decoded: [], archive: "" }, TOOLS, AbortSignal.timeout(240_000));
}

const moving = (seconds: number): string[] => [
  ...["-f", "lavfi", "-i", `testsrc2=s=64x48:r=25:d=${seconds}`],
];
const FIELDS = ["-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme", "-top", "1"];
/** The bytes of packet `n` are noise. */
const broken = (n: number): string[] => ["-bsf:v", `noise=amount='if(eq(n,${n}),1,0)'`];

test("one picture of a thousand that cannot be decoded is said, and where", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  const whole = [...moving(40), "-c:v", "mpeg4", "-g", "25"];
  await runFfmpeg([...whole, path]);
  expect(await prove(path)).toBeUndefined();
  await runFfmpeg(["-y", ...whole, ...broken(510), path]);
  expect(await prove(path)).toMatchObject({
    code: "source_damaged",
    message: expect.stringContaining("the first at 00:00:20"),
    expected: "all 1000 pictures of the source",
    got: "1 cannot be decoded, the first in segment 10",
  });
});

test.each([
  ["whole", [], undefined],
  [
    "short of one picture",
    broken(30),
    { code: "source_damaged", got: "1 cannot be decoded, the first in segment 0" },
  ],
])("an interlaced film that is %s", async (_, damage, said) => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  await runFfmpeg([...moving(4), ...FIELDS, "-g", "1", ...damage, path]);
  const reason = await prove(path);
  if (said === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatchObject(said);
});

test.each(["ts", "mkv"])(
  "a film coded in fields has two packets a picture (%s)",
  async (format) => {
    await using folder = await makeTempFolder();
    const path = await makeFieldCodedFilm(join(folder.path, `film.${format}`), 60);
    const plan = await planFile(path);
    expect(plan.timeline.rate).toEqual({ num: 25, den: 1 });
    expect(await prove(path)).toBeUndefined();
  },
);

test("recordings that are joined, whose clock begins anew or goes on later, are whole", async () => {
  await using folder = await makeTempFolder();
  const piece = async (name: string, offset: number, damage: readonly string[] = []) => {
    const path = join(folder.path, name);
    const options = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"];
    const clock = ["-output_ts_offset", String(offset)];
    await runFfmpeg([...moving(3), ...options, ...clock, ...damage, path]);
    return readFile(path);
  };
  const path = join(folder.path, "film.ts");
  const first = await piece("a.ts", 20);
  await writeFile(path, Buffer.concat([first, await piece("b.ts", 0), await piece("c.ts", 900)]));
  expect(await prove(path)).toBeUndefined();
});

test("more pictures than a film may have are left out, and counted", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mp4");
  const fast = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=120:d=2"];
  await runFfmpeg([...fast, "-c:v", "libx264", "-preset", "ultrafast", path]);
  expect(await prove(path)).toMatchObject({
    code: "film_incomplete",
    expected: "all 240 pictures of the source",
    got: "119 are left out",
  });
});

test("pictures that a disk does not give now are not called damaged", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  await runFfmpeg([...moving(1), "-c:v", "mpeg4", path]);
  const ffmpeg = join(folder.path, "ffmpeg");
  // As a share says it that goes away while it is read.
  const says = "[in#0/matroska] Error during demuxing: Input/output error";
  await writeFile(ffmpeg, `#!/bin/sh\necho "${says}" >&2\n`, { mode: 0o755 });
  const film = { ...(await planFile(path)), decoded: [], archive: "" };
  await expect(
    proveFilm(film, { ...TOOLS, ffmpeg }, AbortSignal.timeout(240_000)),
  ).rejects.toMatchObject({ code: "source_unavailable" });
});
