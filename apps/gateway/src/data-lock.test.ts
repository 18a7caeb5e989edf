import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { lockDataFolder } from "./data-lock.ts";

const ADDRESS = "http://127.0.0.1:5000";
const lock = (folder: string): Promise<AsyncDisposable> =>
  lockDataFolder(folder, ADDRESS, (why) => expect.unreachable(why));

it("a data folder that is in use is refused, and the message says by whom", async () => {
  await using folder = await makeTempFolder();
  await using first = await lock(folder.path);
  await expect(lock(folder.path)).rejects.toThrow(
    new RegExp(`${folder.path} is in use by the Upreel that .*${ADDRESS}, process ${process.pid}`),
  );
  // A refused one leaves the lock as it was.
  await expect(lock(folder.path)).rejects.toThrow("in use");
  await first[Symbol.asyncDispose]();
  await using _second = await lock(folder.path);
});

it("of many that start at once, one has the folder", async () => {
  await using folder = await makeTempFolder();
  // What one left that was killed: nobody answers there.
  await writeFile(join(folder.path, "lock.sock"), "");
  const settled = await Promise.allSettled([lock(folder.path), lock(join(folder.path, "."))]);
  const held = settled.filter((one) => one.status === "fulfilled");
  expect(held).toHaveLength(1);
  for (const { value } of held) await value[Symbol.asyncDispose]();
  expect(await readdir(folder.path)).toEqual([]);
});

it("a lock whose owner was killed counts no more", async () => {
  await using folder = await makeTempFolder();
  const module = JSON.stringify(new URL("./data-lock.ts", import.meta.url).href);
  const script = `
    const { lockDataFolder } = await import(${module});
    await lockDataFolder(${JSON.stringify(folder.path)}, "x", console.error);
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(lock(folder.path)).rejects.toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  await using _ours = await lock(folder.path);
});

it("where no socket can be made, it says so and goes on", async () => {
  await using folder = await makeTempFolder();
  let told = "";
  await using _none = await lockDataFolder(
    join(folder.path, "x".repeat(120)),
    ADDRESS,
    (why) => (told = why),
  );
  expect(told).toBe("its path is too long");
});

it("gateways that share it by leases of one server let each other in, and nobody else", async () => {
  await using folder = await makeTempFolder();
  const share = (server?: string): Promise<AsyncDisposable> =>
    lockDataFolder(folder.path, ADDRESS, (why) => expect.unreachable(why), server);
  await using first = await share("valkey:6379");
  await using _second = await share("valkey:6379");
  for (const other of ["valkey:6380", undefined])
    await expect(share(other)).rejects.toThrow(/in use.*$/s);
  await first[Symbol.asyncDispose]();
  // The second one has it now, or soon.
  await eventually("it is refused again", () =>
    share().then(
      async (lock) => {
        await lock[Symbol.asyncDispose]();
        return false;
      },
      () => true,
    ),
  );
});
