import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { watch, type FSWatcher } from "chokidar";
import { expect, it } from "vitest";
import { watchRunFolder } from "./watch-run-folder.ts";

const noWatchesLeft = Object.assign(new Error("ENOSPC: no space left on device, watch"), {
  code: "ENOSPC",
});

it.each<[string, (folder: string) => FSWatcher]>([
  [
    "refuses",
    () => {
      throw noWatchesLeft;
    },
  ],
  [
    "fails later",
    (folder) => {
      const watcher = watch(folder, { ignored: () => true });
      process.nextTick(() => watcher.emit("error", noWatchesLeft));
      return watcher;
    },
  ],
])("a folder is looked at by the clock where the system %s to tell of it", async (_, events) => {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  const run = join(folder.path, "run");
  let looks = 0;
  const watching = await watchRunFolder(run, log, () => (looks += 1), events);
  await writeFile(join(run, "000000.ts"), "segment");
  const before = looks;
  await eventually("looks", () => looks > before + 2);
  await watching?.close();
});

it("a folder that cannot be made is no end of its run", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "file"), "");
  const log = makeRecordingLog();
  expect(await watchRunFolder(join(folder.path, "file", "run"), log, () => {})).toBeUndefined();
});
