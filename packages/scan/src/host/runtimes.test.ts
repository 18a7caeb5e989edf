import { cp, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bunFolder, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";
import { openSandbox } from "./sandbox.ts";

const SDK = fileURLToPath(new URL("../../../plugin-sdk/src", import.meta.url));
const BUN = bunFolder();
const NEVER = new AbortController().signal;

/** Of the SDK and Bun's own things, which the official SDK uses: it starts programs and writes its scratch folder. */
const FOR_BUN = `
import { createPlugin } from "./sdk/index.ts";

createPlugin({
  "media-scan": {
    algorithmVersion: () => "1",
    async scanSingle({ file }: { file: { fileId: string } }, host) {
      const { share } = await host.getConfig();
      const told = Bun.spawn(["sh", "-c", "echo 40"], { stdout: "pipe" });
      await Bun.write(host.scratch + "/mine", await new Response(told.stdout).text());
      const endTime = Number(await Bun.file(host.scratch + "/mine").text());
      const mayWrite = await Bun.write(import.meta.dir + "/theirs", "").then(() => true, () => false);
      console.log("may write: " + mayWrite);
      return { chapters: [{ fileId: file.fileId, role: "intro", startTime: share, endTime }] };
    },
    scanBatch: async () => ({}),
  },
});
`;

it.skipIf(BUN === undefined)(
  "a plugin for Bun, with the SDK, finds what it finds in the sandbox (needs bun)",
  async () => {
    await using folder = await makeTempFolder();
    const sandbox = await openSandbox(NEVER, 0);
    const path = [BUN, process.env["PATH"]].join(delimiter);
    await using rig = openRig(folder.path, { sandbox, path });
    const plugin = await writePlugin(rig.pluginsDir, "mine", "", {
      ...{ engine: "bun", entry: "main.ts" },
      configuration: [{ key: "share", label: "Share", default: 5 }],
    });
    await writeFile(join(plugin, "main.ts"), FOR_BUN);
    await cp(SDK, join(plugin, "sdk"), { recursive: true });
    expect((await rig.scan("/films/a.mkv")).tasks).toMatchObject([
      { plugin: "mine", state: "done", chapters: 1, reason: null },
    ]);
    expect(rig.store.chapters(rig.fileId("/films/a.mkv"))).toMatchObject([
      { role: "intro", startSeconds: 5, endSeconds: 40 },
    ]);
    const { plugin: mine } = await rig.plugins.get("mine");
    const texts = mine.log.lines().map(({ text }) => text);
    expect(texts).toContain(`may write: ${sandbox.kind === "none"}`);
  },
);

it.each([
  ["bun", "bun is not installed, or not on Upreel's PATH (npm install -g bun)"],
  ["python", "python3 is not installed, or not on Upreel's PATH (apt install python3)"],
  ["binary", /\/main\.mjs may not be run \(chmod \+x, install it again\)$/],
])("a plugin that needs %s says so where it cannot be started", async (engine, reason) => {
  await using folder = await makeTempFolder();
  await using empty = await makeTempFolder();
  await using rig = openRig(folder.path, { path: empty.path });
  await writePlugin(rig.pluginsDir, "mine", "", { engine });
  const { plugin } = await rig.plugins.get("mine");
  await expect(plugin.call("ping", {}, 60_000, NEVER)).rejects.toThrow(reason);
  expect(plugin.state).toBe("error");
  expect(plugin.log.lines()).toMatchObject([{ text: plugin.reason }]);
});
