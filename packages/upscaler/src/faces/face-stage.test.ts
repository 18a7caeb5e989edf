import { eventually } from "@upreel/testkit";
import { expect, it, onTestFinished } from "vitest";
import { createFaceStage } from "./face-stage.ts";
import type { FrameForm } from "./frame-form.ts";

/** A thread that does with each command what the script says. */
function stageOf(onCommand: string, idleMs = 0) {
  const script = `import { parentPort } from "node:worker_threads";
    const post = (type) => parentPort.postMessage({ type });
    parentPort.on("message", ({ type }) => { ${onCommand} });`;
  const thread = new URL(`data:text/javascript,${encodeURIComponent(script)}`);
  const stage = createFaceStage({ idleMs, thread });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const failed: unknown[] = [];
  const form: FrameForm = {
    ...{ width: 2, height: 2, pixelFormat: "yuv420p", matrix: "bt709", range: "tv" },
  };
  const run = () =>
    stage.run({
      ...{ form, works: [undefined], inputFd: 0, outputFd: 1 },
      onFailed: (reason, frame) => failed.push([reason.code, frame]),
    }).done;
  return { stage, run, failed };
}

it("networks that no run needs for a while are given back", async () => {
  const { stage, run } = stageOf(`post(type === "run" ? "done" : "rested")`);
  expect(stage.isLoaded()).toBe(false);
  const done = run();
  expect(stage.isLoaded()).toBe(true);
  await done;
  await eventually("no networks", () => !stage.isLoaded());
  await run();
  expect(stage.isLoaded()).toBe(true);
});

it("they stay while runs follow each other", async () => {
  const { stage, run } = stageOf(`post(type === "run" ? "done" : "rested")`, 3_600_000);
  await run();
  await run();
  expect(stage.isLoaded()).toBe(true);
});

it("a run that begins while they are given back counts: it loads them again", async () => {
  const { stage, run } = stageOf(
    `if (type === "rest") globalThis.isResting = true;
     else if (globalThis.isResting) { post("rested"); post("done"); }
     else post("done");`,
  );
  await run();
  // By then it was asked to rest.
  await new Promise((resolve) => setTimeout(resolve));
  await run();
  expect(stage.isLoaded()).toBe(true);
});

it("a thread that ends while it rests ends nothing else, and the next run has another", async () => {
  const { stage, run, failed } = stageOf(
    `if (type === "run") post("done"); else throw new Error("no memory")`,
  );
  await run();
  await eventually("the thread is gone", () => !stage.isLoaded());
  await run();
  expect(failed).toEqual([]);
});

it("one that ends in a run says so, and nobody waits for it", async () => {
  const { run, failed } = stageOf(`throw new Error("no memory")`);
  await run();
  expect(failed).toEqual([["inference_failed", undefined]]);
});
