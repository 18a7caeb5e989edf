import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const run = promisify(execFile);
const MEGABYTE = 1024 * 1024;

let folder: TempFolder;
let small: string;
let gateway: RunningGateway;

beforeEach(async () => {
  if (process.getuid?.() !== 0) throw new Error("this test mounts a tmpfs: run it as root");
  folder = await makeTempFolder();
  small = join(folder.path, "small");
  await mkdir(small);
  await run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", small]);
  gateway = await startGateway({
    dataDir: join(small, "data"),
    roots: folder.path,
    env: { DISK_HIGH: "75%", DISK_LOW: "60%", RETENTION_HOURS: "0", MAX_STREAMS: "1" },
  });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await run("umount", ["-l", small]);
  await folder[Symbol.asyncDispose]();
});

const film = (name: string, seconds: number): Promise<string> =>
  makeClip(join(folder.path, name), { width: 96, height: 54, rate: 24, seconds });

const trigger = async (path: string, priority: "viewer" | "background"): Promise<string> => {
  const body = JSON.stringify({ path, priority });
  const answer = await fetch(`${gateway.url}/upscale-trigger`, { method: "POST", body });
  return ((await answer.json()) as { id: string }).id;
};

it("on a full disk old unfinished work goes, pinned stays, the background waits and then goes on by itself", async () => {
  const [old, pinned] = [await film("old.mp4", 600), await film("pinned.mp4", 600)];
  const ids = [await trigger(old, "background"), await trigger(pinned, "background")];
  const [oldId = "", pinnedId = ""] = ids;
  await gateway.post(`/streams/${pinnedId}/pin`);
  await gateway.waitFor(oldId, (status) => status.segments_ready >= 1);
  await gateway.post(`/streams/${oldId}/cancel`);
  await gateway.waitFor(pinnedId, (status) => status.segments_ready >= 1);

  const ballast = join(small, "ballast");
  const held = gateway.waitFor(pinnedId, ({ state }) => state === "queued");
  await run("fallocate", ["-l", String(52 * MEGABYTE), ballast]);
  expect(await held).toMatchObject({ pinned: true });
  const isGone = async () => (await fetch(`${gateway.url}/status/${oldId}`)).status === 404;
  await eventually("the end of the old work", isGone);
  expect(gateway.logLines.join("\n")).toMatch(/was deleted to make room on the disk: .* MB freed/);

  // Somebody who watches gets his film all the same.
  const watched = await trigger(await film("watched.mp4", 6), "viewer");
  await gateway.waitFor(watched, ({ segments_ready: ready }) => ready >= 1);
  const before = await gateway.status(pinnedId);
  expect(before.state).toBe("queued");

  await rm(ballast);
  await gateway.waitFor(pinnedId, (status) => status.segments_ready > before.segments_ready);
});
