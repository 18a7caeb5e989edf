import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

const THREAD = new URL("frame-thread.ts", import.meta.url).href;

/** Tells which modules it loads. */
const TELLING = `
  const { registerHooks } = require("node:module");
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  import(${JSON.stringify(THREAD)}).then(() =>
    require("node:worker_threads").parentPort.postMessage(loaded));`;

it("an inference thread loads no schemas, which would take 14 MB in each", async () => {
  const workerData = { deviceLock: new SharedArrayBuffer(4) };
  const thread = new Worker(TELLING, { eval: true, workerData });
  const [loaded] = (await once(thread, "message")) as [string[]];
  await thread.terminate();
  expect(loaded).toContain(THREAD);
  expect(loaded.filter((url) => /\/node_modules\/zod\//.test(url))).toEqual([]);
});
