import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { planFile } from "../testing/test-run.ts";
import { decodedPictures } from "./decoded-pictures.ts";

test("a decoder that a signal ended is no word on the film: it decodes again, and gives up in the end", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  const size = { width: 64, height: 36, rate: 25, seconds: 3 };
  const plan = await planFile(await makeClip(path, { ...size, audio: false }));
  const crashes = join(folder.path, "crashes");
  const ffmpeg = join(folder.path, "ffmpeg");
  const crash = `[ -e '${crashes}' ] && . '${crashes}'`;
  await writeFile(ffmpeg, `#!/bin/sh\n${crash}\nexec ffmpeg "$@"\n`, { mode: 0o755 });
  const count = (): Promise<number[]> =>
    decodedPictures({ ...plan, decoded: [] }, { ffmpeg }, AbortSignal.timeout(240_000));
  const all = await count();
  expect(all.reduce((sum, pictures) => sum + pictures, 0)).toBe(75);
  await writeFile(crashes, `rm '${crashes}'; kill -s SEGV $$\n`);
  expect(await count()).toEqual(all);
  await writeFile(crashes, "kill -s SEGV $$\n");
  await expect(count()).rejects.toMatchObject({ code: "decoder_failed", got: "SIGSEGV, 3 times" });
});
