import { setImmediate as nextTurn } from "node:timers/promises";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createSpareWorker } from "./spare-worker.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Workers that start when the test says so. */
function openSpare() {
  const starts: {
    readonly begun: PromiseWithResolvers<WorkerProcess>;
    readonly signal: AbortSignal | undefined;
  }[] = [];
  const spare = createSpareWorker(
    makeRecordingLog(),
    { threads: 1, ffmpeg: "ffmpeg", warmRung: undefined },
    (_settings, _log, signal) => {
      const begun = Promise.withResolvers<WorkerProcess>();
      signal?.addEventListener("abort", () => begun.reject(signal.reason));
      starts.push({ begun, signal });
      return begun.promise;
    },
  );
  return { spare, starts };
}

/** A run has the first worker, and another one waits for a second. */
async function openBusySpare() {
  const { spare, starts } = openSpare();
  const first = makeWorker(1);
  starts[0]?.begun.resolve(first);
  expect(await spare.take()).toBe(first);
  const waiting = spare.take();
  while (starts.length < 2) await nextTurn();
  return { spare, starts, first, waiting };
}

function makeWorker(pid: number): WorkerProcess & { readonly isAlive: boolean } {
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const worker = {
    ...{ pid, exited, isAlive: true },
    ...{ warm: () => undefined, look: async () => [], cancel: () => undefined },
    start: () => Promise.reject(new Error("no runs here")),
    kill: () => {
      worker.isAlive = false;
      resolve();
    },
  };
  return worker;
}

it("who waits for a new worker gets one whose run is over first, and the new one is given up", async () => {
  const { spare, starts, first, waiting } = await openBusySpare();
  spare.giveBack(first);
  expect(await waiting).toBe(first);
  expect(starts[1]?.signal?.aborted).toBe(true);
  // A run that has come far enough has the next one started.
  spare.refill();
  const second = makeWorker(2);
  starts[2]?.begun.resolve(second);
  expect(await spare.take()).toBe(second);
  for (const worker of [first, second]) worker.kill();
  await spare[Symbol.asyncDispose]();
});

it("who jumps while the spare is started gets the worker whose run he ended, and that start is given up", async () => {
  const { spare, starts } = openSpare();
  const first = makeWorker(1);
  starts[0]?.begun.resolve(first);
  expect(await spare.take()).toBe(first);
  spare.refill();
  const taken = spare.take();
  spare.giveBack(first);
  expect(await taken).toBe(first);
  expect(starts).toHaveLength(2);
  expect(starts[1]?.signal?.aborted).toBe(true);
  first.kill();
  await spare[Symbol.asyncDispose]();
});

it("a new worker that is there first is taken, and one that comes back later is the spare", async () => {
  const { spare, starts, first, waiting } = await openBusySpare();
  const second = makeWorker(2);
  starts[1]?.begun.resolve(second);
  expect(await waiting).toBe(second);
  spare.giveBack(first);
  expect(await spare.take()).toBe(first);
  expect(starts).toHaveLength(2);
  for (const worker of [first, second]) worker.kill();
  await spare[Symbol.asyncDispose]();
});

it("a dead worker is nobody's, and a start that fails is told", async () => {
  const { spare, starts, first, waiting } = await openBusySpare();
  first.kill();
  spare.giveBack(first);
  starts[1]?.begun.reject(new Error("no memory"));
  await expect(waiting).rejects.toThrow("no memory");
  await spare[Symbol.asyncDispose]();
});

it("a spare that a run takes while it starts is not ended for having nothing to keep warm", async () => {
  const { spare, starts } = openSpare();
  const warming = spare.keepWarm(undefined);
  const taken = spare.take();
  const first = makeWorker(1);
  starts[0]?.begun.resolve(first);
  await warming;
  expect(await taken).toBe(first);
  expect(first.isAlive).toBe(true);
  first.kill();
  await spare[Symbol.asyncDispose]();
});

it("a spare that dies makes room for a worker whose run is over", async () => {
  const { spare, starts } = openSpare();
  const [first, second] = [makeWorker(1), makeWorker(2)];
  starts[0]?.begun.resolve(first);
  await spare.take();
  spare.refill();
  starts[1]?.begun.resolve(second);
  await nextTurn();
  second.kill();
  await nextTurn();
  spare.giveBack(first);
  expect(await spare.take()).toBe(first);
  first.kill();
  await spare[Symbol.asyncDispose]();
});

it("a worker whose run is over is used for the run after the next, and none is started in its place", async () => {
  const { spare, starts } = openSpare();
  const [first, second] = [makeWorker(1), makeWorker(2)];
  starts[0]?.begun.resolve(first);
  await spare.take();
  spare.refill();
  starts[1]?.begun.resolve(second);
  await nextTurn();
  // One run after the other, as of a queue of films or of parts of one.
  for (let n = 0; n < 4; n++) {
    spare.giveBack(n % 2 === 0 ? first : second);
    expect(await spare.take()).toBe(n % 2 === 0 ? second : first);
    spare.refill();
  }
  expect(starts).toHaveLength(2);
  expect([first.isAlive, second.isAlive]).toEqual([true, true]);
  spare.giveBack(first);
  second.kill();
  await spare[Symbol.asyncDispose]();
  expect(first.isAlive).toBe(false);
});

it("a spare that still starts is given up for a worker whose run is over", async () => {
  const { spare, starts } = openSpare();
  const first = makeWorker(1);
  starts[0]?.begun.resolve(first);
  await spare.take();
  spare.refill();
  spare.giveBack(first);
  expect(starts[1]?.signal?.aborted).toBe(true);
  expect(await spare.take()).toBe(first);
  first.kill();
  await spare[Symbol.asyncDispose]();
});

it("of two workers whose runs end at once none is left over", async () => {
  const { spare, starts } = openSpare();
  const [first, second] = [makeWorker(1), makeWorker(2)];
  starts[0]?.begun.resolve(first);
  await spare.take();
  const taken = spare.take();
  starts[1]?.begun.resolve(second);
  await taken;
  spare.giveBack(first);
  spare.giveBack(second);
  await nextTurn();
  expect([first.isAlive, second.isAlive]).toEqual([false, true]);
  second.kill();
  await spare[Symbol.asyncDispose]();
});
