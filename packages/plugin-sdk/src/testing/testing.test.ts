import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readRecording, replay, startPlugin, writeRecording } from "./index.ts";

const SDK = fileURLToPath(new URL("../index.ts", import.meta.url));

/** A plugin of one file, which looks for an intro of `seconds`. */
async function writePlugin(script: string) {
  const path = await mkdtemp(join(tmpdir(), "plugin-kit-"));
  const configuration = [{ key: "seconds", default: 20 }];
  const manifest = { id: "mine", engine: "node", entry: "main.ts", configuration };
  await writeFile(join(path, "plugin.json"), JSON.stringify(manifest));
  await writeFile(join(path, "main.ts"), script);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const FINDER = `
import { createPlugin } from ${JSON.stringify(SDK)};
createPlugin({
  "media-scan": {
    algorithmVersion: () => "1",
    async scanSingle({ file }, host) {
      const { seconds } = await host.getConfig();
      console.log("looks at " + file.path);
      if (file.path.endsWith("gone.mkv")) throw new Error("no such file");
      return { chapters: [{ fileId: file.fileId, role: "intro", startTime: 0, endTime: seconds }] };
    },
    scanBatch: async () => process.exit(3),
  },
});`;
const file = (path: string) => ({
  ...{ fileId: "one", itemId: "one", path, duration: 60, cachedFingerprints: [] },
});

it("a plugin answers a test as it answers Upreel, and what was said can be said again elsewhere", async () => {
  await using folder = await writePlugin(FINDER);
  let recording = "";
  {
    await using plugin = await startPlugin(folder.path);
    await plugin.call("mediaScan.scanSingle", { file: file("/here/film.mkv") });
    // Its log comes by another pipe than its answer.
    await expect.poll(() => plugin.log).toEqual(["looks at /here/film.mkv"]);
    recording = writeRecording(plugin.calls, { films: "/here" });
    expect(recording).toContain('"path":"{films}/film.mkv"');
  }
  const calls = readRecording(recording, { films: "/there" });
  expect(calls).toMatchObject([{ params: { file: { path: "/there/film.mkv" } } }]);
  await using plugin = await startPlugin(folder.path, { config: { seconds: 20.4 } });
  expect(await replay(plugin, calls, { tolerance: 0.5 })).toEqual([]);
  expect(await replay(plugin, calls)).toEqual([
    "call 1, mediaScan.scanSingle: chapters.0.endTime: expected 20, got 20.4",
  ]);
  const none = [{ ...calls[0]!, result: { chapters: [] } }];
  expect(await replay(plugin, none)).toEqual([
    "call 1, mediaScan.scanSingle: chapters.length: expected 0, got 1",
  ]);
});

it("what a plugin fails with is told, and one that ends leaves nobody waiting", async () => {
  await using folder = await writePlugin(FINDER);
  await using plugin = await startPlugin(folder.path);
  const gone = plugin.call("mediaScan.scanSingle", { file: file("/here/gone.mkv") });
  await expect(gone).rejects.toThrow("no such file");
  const batch = plugin.call("mediaScan.scanBatch", { groupKey: "season", files: [] });
  await expect(batch).rejects.toThrow(/it ended \(exit code 3\).*gone\.mkv/);
  await expect(plugin.call("ping")).rejects.toThrow("it has ended");
  await using broken = await writePlugin("process.exit(1)");
  await expect(startPlugin(broken.path)).rejects.toThrow("it ended (exit code 1)");
  expect(() => readRecording('{"method": "ping"}')).toThrow("line 1");
});
