import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";

const never = new AbortController().signal;

it("is started anew for who calls while it is being ended", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  const { plugin } = await rig.plugins.get("mine");
  expect(await plugin.call("ping", {}, 60_000, never)).toEqual({ pong: true });
  const resting = rig.plugins.rest();
  expect(plugin.state).toBe("stopping");
  expect(await plugin.call("ping", {}, 60_000, never)).toEqual({ pong: true });
  await resting;
  expect(plugin.state).toBe("running");
});

it("that is not ready yet is ended with the gateway, and not waited for", async () => {
  await using folder = await makeTempFolder();
  const rig = openRig(folder.path, { times: { startMs: 1e9 } });
  await writePlugin(rig.pluginsDir, "slow", 'console.error("here"); setInterval(() => {}, 1000)');
  rig.queue.want("/films/a.mkv");
  const { plugin } = await rig.plugins.get("slow");
  await eventually("its first words", () => plugin.log.lines().length > 0);
  await rig[Symbol.asyncDispose]();
  expect(plugin.state).toBe("stopped");
});

it("that was installed again is not started any more by who still holds the one before", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  const { plugin: before } = await rig.plugins.get("mine");
  await writePlugin(rig.pluginsDir, "mine", "begin()", { version: "1.0.1" });
  const { plugin: now } = await rig.plugins.get("mine");
  await expect(before.call("ping", {}, 60_000, never)).rejects.toThrow("installed again");
  expect(await now.call("ping", {}, 60_000, never)).toEqual({ pong: true });
});

it("whose scratch folder cannot be made says so, and rests", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  await writeFile(join(folder.path, "plugin-scratch"), "");
  const { plugin } = await rig.plugins.get("mine");
  await expect(plugin.call("ping", {}, 60_000, never)).rejects.toThrow("plugin-scratch");
  expect(plugin).toMatchObject({
    state: "error",
    reason: expect.stringContaining("plugin-scratch"),
  });
});
