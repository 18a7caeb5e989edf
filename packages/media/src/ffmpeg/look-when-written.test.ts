import { watch, type FSWatcher } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { lookWhenWritten } from "./look-when-written.ts";

const noWatchesLeft = Object.assign(new Error("ENOSPC: no space left on device, watch"), {
  code: "ENOSPC",
});

it("looks when something is written", async () => {
  await using folder = await makeTempFolder();
  let looks = 0;
  using _ = lookWhenWritten(folder.path, () => (looks += 1));
  await writeFile(join(folder.path, "000000.ts"), "segment");
  await eventually("a look", () => looks > 0);
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
      const watcher = watch(folder);
      process.nextTick(() => watcher.emit("error", noWatchesLeft));
      return watcher;
    },
  ],
])("looks by the clock where the system %s to tell of a folder", async (_, events) => {
  await using folder = await makeTempFolder();
  let looks = 0;
  const looking = lookWhenWritten(folder.path, () => (looks += 1), events);
  await eventually("looks", () => looks > 2);
  looking[Symbol.dispose]();
  const before = looks;
  await writeFile(join(folder.path, "000000.ts"), "segment");
  expect(looks).toBe(before);
});
