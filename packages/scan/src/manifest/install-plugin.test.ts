import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { listPlugins, setPluginEnabled } from "../plugins-here.ts";
import { writePlugin } from "../testing/write-plugin.ts";
import { installPlugin } from "./install-plugin.ts";

const run = promisify(execFile);

it("copies a folder, replaces the one of the same id, and is listed and switched", async () => {
  await using folder = await makeTempFolder();
  const pluginsDir = join(folder.path, "data", "plugins");
  const source = await writePlugin(folder.path, "mine", "begin()");
  await installPlugin(source, { pluginsDir, sha256: undefined });
  await writePlugin(folder.path, "mine", "begin()", { version: "2.0.0" });
  await installPlugin(source, { pluginsDir, sha256: undefined });
  await setPluginEnabled(pluginsDir, "mine", false);
  expect(await listPlugins(pluginsDir, [])).toMatchObject([
    { kind: "usable", id: "mine", version: "2.0.0", isEnabled: false, isBuiltIn: false },
  ]);
  expect((await readdir(pluginsDir)).toSorted()).toEqual(["mine", "plugins.json"]);
});

it("unpacks a tarball whose SHA-256 is the one that was named, without its links", async () => {
  await using folder = await makeTempFolder();
  const pluginsDir = join(folder.path, "plugins");
  const source = await writePlugin(folder.path, "packed", "begin()");
  await symlink("/etc", join(source, "etc"));
  const tarball = join(folder.path, "packed.tar.gz");
  await run("tar", ["-czf", tarball, "-C", folder.path, "packed"]);
  const sha256 = createHash("sha256")
    .update(await readFile(tarball))
    .digest("hex");
  const wrong = { pluginsDir, sha256: "0".repeat(64) };
  await expect(installPlugin(tarball, wrong)).rejects.toThrow("is not the one whose SHA-256");
  await expect(installPlugin(tarball, { pluginsDir, sha256: undefined })).rejects.toThrow(
    "only with",
  );
  expect(await installPlugin(tarball, { pluginsDir, sha256 })).toMatchObject({ id: "packed" });
  expect((await readdir(join(pluginsDir, "packed"))).toSorted()).toEqual([
    "main.mjs",
    "plugin.json",
  ]);
});

it("leaves nothing behind of what is no plugin, and says what is wrong", async () => {
  await using folder = await makeTempFolder();
  const pluginsDir = join(folder.path, "plugins");
  const source = await writePlugin(folder.path, "wrong", "begin()", { engine: "perl" });
  await expect(installPlugin(source, { pluginsDir, sha256: undefined })).rejects.toMatchObject({
    code: "plugin_unusable",
    got: expect.stringContaining("engine"),
  });
  expect(await readdir(pluginsDir)).toEqual([]);
});
