import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { findJellyfin } from "./find-jellyfin.ts";

it("a cartridge is found where it was put, until another folder is named", async () => {
  await using temp = await makeTempFolder();
  const [put, other, gone] = ["put", "other", "gone"].map((name) => join(temp.path, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [put, other]) {
    await mkdir(folder);
    await writeFile(join(folder, "ffmpeg"), "");
  }
  expect(await findJellyfin(undefined, [gone, put])).toBe(put);
  expect(await findJellyfin(other, [put])).toBe(other);
  await expect(findJellyfin(gone, [put])).rejects.toMatchObject({
    ...{ code: "ffmpeg_missing", got: `no ffmpeg in ${gone}` },
  });
});
