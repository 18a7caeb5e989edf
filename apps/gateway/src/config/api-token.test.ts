import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { makeApiToken, readApiToken } from "./api-token.ts";

it("two gateways that start at once have one token", async () => {
  await using folder = await makeTempFolder();
  const [one, other] = await Promise.all([makeApiToken(folder.path), makeApiToken(folder.path)]);
  expect(other).toBe(one);
  expect(readApiToken(folder.path)).toBe(one);
  expect(await readdir(folder.path)).toEqual(["api-token"]);
});

it("an empty file is no token", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "api-token"), "");
  const token = await makeApiToken(folder.path);
  expect(await readFile(join(folder.path, "api-token"), "utf8")).toBe(`${token}\n`);
});
