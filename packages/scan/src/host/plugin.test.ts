import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { installPlugin } from "../manifest/install-plugin.ts";
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
  expect(plugin.state).toBe("starting");
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

it("may ask for its configuration, not for accounts, and tells of processes that it starts", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const asks = `
    const answered = [];
    methods.ping = (id) => {
      for (const [mine, method] of [["a", "host.getConfig"], ["b", "host.getAccount"], ["c", "host.fly"]])
        say({ id: mine, method, params: { name: "n" } });
      say({ method: "process.started", params: { pid: 5, label: "ffmpeg" } });
      say({ method: "process.stopped", params: { pid: 5, exitCode: null } });
      answer(id, { pong: true });
    };
    process.stdin.on("data", (chunk) => {
      for (const line of String(chunk).split("\\n").filter((each) => each.includes('"id":"')))
        console.error(JSON.stringify((({ id, result, error }) => ({ id, result, code: error?.code }))(JSON.parse(line))));
    });
    begin()`;
  const configuration = [
    { key: "share", label: "Share", input: "slider", default: 0.2 },
    { key: "none", label: "None" },
  ];
  await writePlugin(rig.pluginsDir, "mine", asks, { configuration });
  const { plugin } = await rig.plugins.get("mine");
  await plugin.call("ping", {}, 60_000, never);
  const texts = () => plugin.log.lines().map(({ text }) => text);
  await eventually("the answers", () => texts().some((text) => text.includes('"id":"c"')));
  expect(texts()).toContain('{"id":"a","result":{"share":0.2}}');
  expect(texts()).toContainEqual(expect.stringMatching(/^\{"id":"b","code":-32/));
  expect(texts()).toContain('{"id":"c","code":-32601}');
  expect(texts()).toContain('{"pid":5,"label":"ffmpeg"}');
  expect(texts()).toContain('{"pid":5,"exitCode":null}');
});

it("that is a program of its own finds what it finds, without a runtime", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const source = await writePlugin(join(folder.path, "source"), "mine", "", {
    ...{ engine: "binary", entry: "main" },
  });
  const program = `#!/bin/sh
echo '{"jsonrpc":"2.0","method":"ready"}'
while read -r line; do
  id=$(echo "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
  file=$(echo "$line" | sed 's/.*"fileId":"\\([^"]*\\)".*/\\1/')
  case "$line" in
    *algorithmVersion\\"*params\\":{}*) result='{"algorithmVersion":"1"}' ;;
    *scanSingle*) result="{\\"chapters\\":[{\\"fileId\\":\\"$file\\",\\"role\\":\\"credits\\",\\"startTime\\":90,\\"endTime\\":100}]}" ;;
    *) result='{"pong":true}' ;;
  esac
  echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":\\"$id\\",\\"result\\":$result}"
done
`;
  await writeFile(join(source, "main"), program, { mode: 0o755 });
  await installPlugin(source, { pluginsDir: rig.pluginsDir, sha256: undefined });
  expect((await rig.scan("/films/a.mkv")).tasks).toMatchObject([
    { plugin: "mine", state: "done", chapters: 1, reason: null },
  ]);
});
