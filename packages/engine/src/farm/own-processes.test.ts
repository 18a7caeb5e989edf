import { spawn } from "node:child_process";
import { once } from "node:events";
import { eventually } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createOwnProcesses } from "./own-processes.ts";

it.runIf(process.platform === "linux")("counts what it began, also once that ended", async () => {
  const own = createOwnProcesses();
  const begun = (await own.look()) ?? 0;
  expect(begun).toBeGreaterThan(0);
  const child = spawn("sh", ["-c", "sh -c 'while :; do :; done' & echo $!; wait"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const grandchild = Number(String((await once(child.stdout, "data"))[0]));
  expect(own.pids.has(grandchild)).toBe(false);
  const all = await eventually("it worked for a while", async () => {
    const now = (await own.look()) ?? 0;
    return now - begun > 0.5 && now;
  });
  expect([child.pid ?? 0, grandchild, 1].map((pid) => own.pids.has(pid))).toEqual([
    true,
    true,
    false,
  ]);
  expect(await own.knownSeconds()).toBeGreaterThanOrEqual(all);
  process.kill(grandchild);
  await once(child, "exit");
  expect(await own.look()).toBeGreaterThanOrEqual(all);
});
