import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newPartPath } from "@upreel/files";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { beginExport, dropBegunExports, readBegunExports } from "./begun-export.ts";

const ID = "abcd";

it("an export that an older release noted is known, and what it had written is deleted with its note", async () => {
  await using folder = await makeTempFolder();
  const stream = join(folder.path, "streams", ID);
  await mkdir(stream, { recursive: true });
  const older = { format: "mkv", part: newPartPath(join(folder.path, "Film.mkv")) };
  const other = { format: "mp4" as const, part: newPartPath(join(folder.path, "Film.mp4")) };
  await writeFile(join(stream, "export.json"), JSON.stringify(older));
  await beginExport(folder.path, ID, other);
  for (const { part } of [older, other]) await writeFile(part, "half");
  expect(await readBegunExports(folder.path, ID)).toEqual([other, older]);

  await dropBegunExports(folder.path, { id: ID, format: "mkv" });
  expect(await readBegunExports(folder.path, ID)).toEqual([other]);
  expect(await readdir(stream)).toEqual(["export-mp4.json"]);
  const left = (await readdir(folder.path)).filter((name) => name.endsWith(".part"));
  expect(left.map((name) => join(folder.path, name))).toEqual([other.part]);
});
