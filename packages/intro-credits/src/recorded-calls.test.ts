import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readRecording, replay, startPlugin } from "@upreel/plugin-sdk/testing";
import { expect, it } from "vitest";

const PLUGIN = fileURLToPath(new URL("..", import.meta.url));
const RECORDED = new URL("testing/recorded-calls.jsonl", import.meta.url);

it("answers as it did when the calls were recorded, of three episodes whose sound is known: no film is read", async () => {
  const calls = readRecording(await readFile(RECORDED, "utf8"), { films: "/nowhere" });
  await using plugin = await startPlugin(PLUGIN, { config: { ffmpeg: "/nowhere/ffmpeg" } });
  expect(await replay(plugin, calls, { tolerance: 0.01 })).toEqual([]);
  expect(plugin.log).toEqual([]);
});
