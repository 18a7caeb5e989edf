import { readFile, readdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeFileName } from "@upreel/core";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diskName } from "./disk-name.ts";
import { createNewFile, isPartPath, newPartPath, writeNewFile } from "./new-file.ts";

let folder: TempFolder;
let victim: string;
let target: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  victim = join(folder.path, "victim");
  target = join(folder.path, "film.mkv");
  await writeFile(victim, "precious");
});
afterEach(() => folder[Symbol.asyncDispose]());

const expectUntouched = async (): Promise<void> =>
  expect(await readFile(victim, "utf8")).toBe("precious");

it("gets its name when it is complete, and leaves nothing else", async () => {
  await writeNewFile(target, "film");
  expect(await readFile(target, "utf8")).toBe("film");
  expect((await readdir(folder.path)).sort()).toEqual(["film.mkv", "victim"]);
});

it("takes the place of a link, not of what the link leads to", async () => {
  await symlink(victim, target);
  await writeNewFile(target, "film");
  await expectUntouched();
  expect(await readFile(target, "utf8")).toBe("film");
});

it("refuses a name that somebody has taken before, with a link or a file", async () => {
  const part = newPartPath(target);
  expect(isPartPath(part)).toBe(true);
  await symlink(victim, part);
  await expect(createNewFile(target, part)).rejects.toMatchObject({ code: "EEXIST" });
  await expectUntouched();
  expect(newPartPath(target)).not.toBe(part);
});

it("is written where it was begun, and not published, when its name is exchanged meanwhile", async () => {
  const part = newPartPath(target);
  {
    await using file = await createNewFile(target, part);
    await rename(part, join(folder.path, "away"));
    await symlink(victim, part);
    await file.handle.writeFile("by its handle");
    if (process.platform === "linux") await writeFile(file.writePath, "by its path");
    await expect(file.publish()).rejects.toThrow("was replaced");
  }
  await expectUntouched();
  await expect(stat(target)).rejects.toMatchObject({ code: "ENOENT" });
  // The link is gone, not what it leads to.
  expect((await readdir(folder.path)).sort()).toEqual(["away", "victim"]);
});

it("has a name that is not UTF-8 where that is asked for", async () => {
  const raw = join(folder.path, decodeFileName(Buffer.from("caf\xe9.strm", "latin1")));
  await writeNewFile(raw, "film");
  expect(await readFile(diskName(raw), "utf8")).toBe("film");
  const names = await readdir(folder.path, { encoding: "buffer" });
  expect(names.map((name) => name.toString("latin1")).toSorted()).toEqual([
    "caf\xe9.strm",
    "victim",
  ]);
});
