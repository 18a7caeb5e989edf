import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));

it("is ended by a signal at once while it waits for a disk, before anything is served", async () => {
  await using folder = await makeTempFolder();
  const config = join(folder.path, "upreel.json");
  await promisify(execFile)("mkfifo", [config]);
  const child = spawn(process.execPath, [CLI, "serve"], {
    cwd: folder.path,
    env: { ...process.env, DATA_DIR: join(folder.path, "data") },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  // Opens as soon as somebody reads there, who waits then.
  await using _ = await open(config, "w");
  child.kill("SIGTERM");
  expect(await ended).toEqual([null, "SIGTERM"]);
});
