import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { readKeptSettings } from "./config/settings-store.ts";
import { makeDataFolder } from "./data-folder.ts";

it("the data folder is made, and one that cannot be is told of with the setting", async () => {
  await using temp = await makeTempFolder();
  await makeDataFolder(join(temp.path, "new", "data"));
  expect((await stat(join(temp.path, "new", "data"))).isDirectory()).toBe(true);
  const file = join(temp.path, "file");
  await writeFile(file, "");
  await expect(makeDataFolder(join(file, "data"))).rejects.toMatchObject({
    code: "invalid_config",
    message: `cannot save anything in ${file}/data`,
    expected: expect.stringContaining("DATA_DIR"),
    got: expect.stringContaining("ENOTDIR"),
  });
});

it("a folder that takes no new ones ends the start, too: Node itself would try for ever", async () => {
  await expect(makeDataFolder("/proc/upreel/data")).rejects.toMatchObject({
    code: "invalid_config",
    got: expect.stringContaining("ENOENT"),
  });
});

it("settings that cannot be read are not taken for wrong JSON", async () => {
  await using temp = await makeTempFolder();
  const file = join(temp.path, "file");
  await writeFile(file, "");
  expect(() => readKeptSettings(file)).toThrow(
    expect.objectContaining({ expected: expect.stringContaining("DATA_DIR") }),
  );
});
