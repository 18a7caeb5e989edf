import { execFile, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { writePlugin } from "../../../../packages/scan/src/testing/write-plugin.ts";
import { startTestApp } from "../testing/start-app.ts";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));

it("plugins are installed, listed with what is wrong, turned off and on, and tell their log", async () => {
  await using folder = await makeTempFolder();
  await using app = await startTestApp();
  const upreel = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const env = {
        ...{ ...process.env, DATA_DIR: app.dataDir, PORT: new URL(app.url).port },
        LOG_LEVEL: "info",
      };
      execFile(
        process.execPath,
        [CLI, "plugins", ...args],
        { cwd: folder.path, env },
        (_, out, err) => resolve(out + err),
      );
    });
  const hears = `methods["event.dispatch"] = (id, { name }) => { console.error("heard " + name); answer(id, { ok: true }); }; begin()`;
  const manifest = { mediaTypes: ["tv"], subscriptions: { events: ["film.*"] } };
  await writePlugin(folder.path, "mine", hears, manifest);
  expect(await upreel("install", "./mine")).toMatch(/^mine 1\.0\.0 is installed/);
  const packed = spawnSync("tar", ["-czf", "mine.tgz", "mine"], { cwd: folder.path });
  expect(packed.status).toBe(0);
  const refused = await upreel("install", "./mine.tgz");
  const sum = /got a file with ([0-9a-f]{64})/.exec(refused)?.[1];
  expect(await upreel("install", "./mine.tgz", "--sha256", sum ?? "")).toMatch(/^mine 1\.0\.0 is/);
  expect(await upreel("install", "./none")).toMatch(/^upreel: no such file or folder: .*none/);
  await mkdir(join(app.dataDir, "plugins", "wrong"));
  await writeFile(join(app.dataDir, "plugins", "wrong", "plugin.json"), '{"id": "wrong"}');
  app.events.tell({ name: "film.started", stream: "s", title: "a" });
  await expect
    .poll(() => upreel("logs", "mine"))
    .toMatch(/^\d{4}-\S+ info {2}heard film\.started\n$/);
  const list = await upreel();
  expect(list).toMatch(/^\* intro-credits +\S+ +built-in$/m);
  expect(list).toMatch(
    /^\* mine +1\.0\.0 +installed\n {4}mine\n {4}only for tv\n {4}running; looked at 0 films/m,
  );
  expect(list).toMatch(/^x .*wrong: cannot run\n(?: {4}.*\n)* {4}engine: /m);

  expect(await upreel("disable", "mine", "--library", app.films)).toContain("is off for films in");
  expect(await upreel("list")).toContain(`    off for films in ${app.films}\n`);
  await upreel("disable", "mine");
  expect(await upreel("list")).toMatch(/^ {2}mine /m);
  await upreel("enable", "mine");
  expect(await upreel("list")).toMatch(/^\* mine /m);
  expect(await upreel("enable", "nobody")).toMatch(/^upreel: there is no plugin nobody/);
});
