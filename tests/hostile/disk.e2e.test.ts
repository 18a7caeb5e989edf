import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startGateway, type RunningGateway } from "../support/start-gateway.ts";

const run = promisify(execFile);

it("a full or read-only disk is said so by every call, and all goes on by itself when it is neither", async () => {
  if (process.getuid?.() !== 0) throw new Error("this test mounts a tmpfs: run it as root");
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const disk = join(folder.path, "disk");
  await mkdir(disk);
  await run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
  stack.defer(async () => void (await run("umount", ["-l", disk])));
  const gateway = stack.use(
    await startGateway({
      dataDir: join(disk, "data"),
      roots: folder.path,
      env: { MODEL: "lanczos", DISK_HIGH: "100%", DISK_LOW: "100%" },
    }),
  );
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 96, height: 54, rate: 24, seconds: 2, audio: false },
  });

  const ballast = join(disk, "ballast");
  await run("sh", ["-c", 'cat /dev/zero > "$1" 2>/dev/null || true', "fill", ballast]);
  expect(await codes(gateway, film)).toEqual([
    [507, "disk_full"],
    [507, "disk_full"],
  ]);
  await rm(ballast);

  await run("mount", ["-o", "remount,ro", disk]);
  expect(await codes(gateway, film)).toEqual([
    [507, "disk_read_only"],
    [507, "disk_read_only"],
  ]);
  await run("mount", ["-o", "remount,rw", disk]);
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ state }) => state === "complete");
});

/** Status and code of a trigger's answer and of a change of settings. */
async function codes({ url }: RunningGateway, path: string): Promise<unknown[]> {
  const trigger = { method: "POST", body: JSON.stringify({ path }) };
  const change = { method: "PUT", body: JSON.stringify({ QUALITY: 21 }) };
  const answers = [
    await fetch(`${url}/upscale-trigger`, trigger),
    await fetch(`${url}/settings`, change),
  ];
  return Promise.all(
    answers.map(async (answer) => {
      const { code } = (await answer.json()) as { code?: string };
      return [answer.status, code];
    }),
  );
}
