import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Rung } from "@upreel/core";
import { expect, it } from "vitest";
import type { ThreadCommand, ThreadEvent } from "./thread-messages.ts";

const THREAD = new URL("frame-thread.ts", import.meta.url).href;
const FINDS_RULES = new URL("find-tile-rule.ts", import.meta.url).href;

/** Tells which modules it loads. */
const TELLING = `
  const { registerHooks } = require("node:module");
  const { parentPort } = require("node:worker_threads");
  registerHooks({ load: (url, context, next) => (parentPort.postMessage(url), next(url, context)) });
  import(${JSON.stringify(THREAD)}).then(() => parentPort.postMessage("ready"));`;

/** What a thread loads until it waits for commands, and `load` for a command. */
async function startThread(findsTileRules: boolean) {
  const workerData = { deviceLock: new SharedArrayBuffer(4), findsTileRules };
  const thread = new Worker(TELLING, { eval: true, workerData });
  const loaded: string[] = [];
  const until = async (isIt: (message: string | ThreadEvent) => boolean): Promise<void> => {
    for (;;) {
      const [message] = (await once(thread, "message")) as [string | ThreadEvent];
      if (typeof message === "string") loaded.push(message);
      if (isIt(message)) return;
    }
  };
  await until((message) => message === "ready");
  return { thread, loaded, until };
}

const file = fileURLToPath(new URL("../../models/upreel-x2-live16x0-fp32.onnx", import.meta.url));
const NETWORK: Rung = {
  model: { id: "net", file, hash: "", kind: "luma", pixelFormat: "yuv444p", scale: 2 },
  provider: "cpu",
};
const LOAD: ThreadCommand = { type: "load", rung: NETWORK };
const isDone = (message: string | ThreadEvent): boolean =>
  typeof message === "object" && message.type === "done";

it("an inference thread loads no schemas, which would take 14 MB in each", async () => {
  const { thread, loaded } = await startThread(true);
  await thread.terminate();
  expect(loaded).toContain(THREAD);
  expect(loaded.filter((url) => /\/node_modules\/zod\//.test(url))).toEqual([]);
});

it("one thread finds out beforehand how a network can be run on parts of a picture, and no other reads graphs", async () => {
  const finder = await startThread(true);
  finder.thread.postMessage(LOAD);
  // Nobody who waits for the network waits for that.
  await finder.until(isDone);
  expect(finder.loaded).not.toContain(FINDS_RULES);
  await finder.until((message) => message === FINDS_RULES);
  await finder.thread.terminate();

  const other = await startThread(false);
  for (const command of [LOAD, LOAD]) {
    other.thread.postMessage(command);
    await other.until(isDone);
  }
  await other.thread.terminate();
  expect(other.loaded.filter((url) => /protobuf|find-tile-rule/.test(url))).toEqual([]);
});
