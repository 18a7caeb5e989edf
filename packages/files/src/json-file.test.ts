import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { JsonFile } from "./json-file.ts";

const schema = z.object({ n: z.number() });
let folder: TempFolder;
let path: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  path = join(folder.path, "below", "kept.json");
});
afterEach(() => folder[Symbol.asyncDispose]());

const open = (how = {}): JsonFile<{ n: number }> =>
  new JsonFile(path, schema, { isDurable: true, makesFolder: true, ...how });

it("gives what was written last, to another process too, and leaves nothing beside it", async () => {
  const file = open();
  expect(await file.read()).toBeUndefined();
  await Promise.all([1, 2, 3].map((n) => file.write({ n })));
  expect(await file.read()).toEqual({ n: 3 });
  expect(await open({ isDurable: false }).read()).toEqual({ n: 3 });
  expect(await readdir(join(folder.path, "below"))).toEqual(["kept.json"]);
});

it("keeps secrets to the user whose they are", async () => {
  await open({ mode: 0o600 }).write({ n: 1 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it.each(["{", "[]", '{"n":"one"}', ""])(
  "tells of %j apart from a file that is not there",
  async (text) => {
    await mkdir(join(folder.path, "below"));
    await writeFile(path, text);
    await expect(open().read()).rejects.toThrow();
    expect(await open().readOrForget()).toBeUndefined();
    expect(await open().readUnlessDamaged()).toBeUndefined();
  },
);

it("tells of a file that cannot be read apart from a damaged one", async () => {
  await mkdir(path, { recursive: true });
  await expect(open().readUnlessDamaged()).rejects.toMatchObject({ code: "EISDIR" });
  expect(await open().readOrForget()).toBeUndefined();
});

it("refuses what its schema does not know, and goes on after a write that failed", async () => {
  const file = open({ makesFolder: false });
  await expect(file.write({ n: 1 })).rejects.toMatchObject({ code: "internal" });
  await mkdir(join(folder.path, "below"));
  await expect(file.write(JSON.parse('{"n":"one"}'))).rejects.toThrow();
  await file.write({ n: 2 });
  expect(await readFile(path, "utf8")).toBe('{"n":2}\n');
});
