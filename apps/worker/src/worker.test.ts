import { PLAIN_SCALER, type WorkerEvent } from "@upreel/core";
import { expect, it } from "vitest";
import { createWorker } from "./worker.ts";

const noRuns = (): never => {
  throw new Error("no runs here");
};

it("looks how fast networks are once all that was asked for is loaded", async () => {
  const loads: PromiseWithResolvers<void>[] = [];
  const told: WorkerEvent["type"][] = [];
  const worker = createWorker({
    upscaler: {
      load() {
        const load = Promise.withResolvers<void>();
        loads.push(load);
        return load.promise;
      },
      process: noRuns,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    faceStage: {
      isLoaded: () => false,
      run: noRuns,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    ...{ send: ({ type }) => told.push(type), ffmpeg: "ffmpeg", exit: () => undefined },
  });
  const warm = { type: "warm", rung: { model: PLAIN_SCALER, provider: "ffmpeg" } };
  for (const message of [warm, warm, { type: "look", rungs: [] }]) worker.receive(message);
  const [first, last] = loads;
  last?.resolve();
  await expect.poll(() => told).toContain("warmed");
  first?.resolve();
  await expect.poll(() => told).toContain("looked");
  expect(told).toEqual(["warmed", "warmed", "looked"]);
});
