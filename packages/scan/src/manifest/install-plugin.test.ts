import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { Header } from "tar";
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

it("takes no tarball that says it holds more than fits, nor one that leads out of its folder", async () => {
  await using folder = await makeTempFolder();
  const pluginsDir = join(folder.path, "plugins");
  const tarball = join(folder.path, "wrong.tar");
  const install = async (path: string, sizeBytes: number) => {
    const header = Buffer.alloc(512);
    new Header({ path, size: sizeBytes, type: "File", mode: 0o644 }).encode(header);
    await writeFile(tarball, Buffer.concat([header, Buffer.alloc(2_048)]));
    const sha256 = createHash("sha256")
      .update(await readFile(tarball))
      .digest("hex");
    return installPlugin(tarball, { pluginsDir, sha256 });
  };
  await expect(install("wrong/zeros", 10e9)).rejects.toThrow("contains too much");
  await expect(install("../../up", 4)).rejects.toMatchObject({
    ...{ code: "plugin_unusable", message: expect.stringContaining("cannot be unpacked") },
  });
  expect(await readdir(pluginsDir)).toEqual([]);
  expect(await readdir(folder.path)).not.toContain("up");
});
