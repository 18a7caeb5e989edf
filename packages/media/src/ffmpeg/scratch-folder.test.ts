import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { makeScratchFolder } from "./scratch-folder.ts";

it("deletes what processes that are gone have left, and nothing else", async () => {
  await using folder = await makeTempFolder();
  const dead = spawn("true");
  await once(dead, "exit");
  const others = [
    `upreel-run-${process.ppid}-x`,
    `upreel-other-${dead.pid}-x`,
    `my-upreel-run-${dead.pid}-x`,
    "upreel-run-notes",
  ];
  for (const name of [`upreel-run-${dead.pid}-x`, ...others]) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, "left"), "");
  }
  const [mine, next] = [
    await makeScratchFolder(folder.path, "upreel-run-"),
    await makeScratchFolder(folder.path, "upreel-run-"),
  ];
  expect(basename(mine)).toMatch(new RegExp(`^upreel-run-${process.pid}-`));
  expect((await readdir(folder.path)).sort()).toEqual(
    [...others, basename(mine), basename(next)].sort(),
  );
});
