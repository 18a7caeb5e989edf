import { parentPort } from "node:worker_threads";
import { toReason } from "@upreel/core/plain";
import { readFrame, writeFrame } from "../frames/frame-pipes.ts";
import type { FaceCommand, FaceEvent, FaceThreadJob, FaceWork } from "./face-messages.ts";
import { frameBytes } from "./frame-form.ts";
import { loadFaceNetworks } from "./load-faces.ts";
import { createFaceFrames, type FaceFrames, type FaceNetworks } from "./restore-faces.ts";

/**
 * A stage of the frame path: frames in, frames out, several networks between. It stands between the inference threads
 * and the encoder where a run restores faces, and nowhere else. What fails here costs the faces, never the film.
 */
if (parentPort === null) throw new Error("face-thread.ts runs in a worker thread only");
const port = parentPort;
const post = (event: FaceEvent): void => port.postMessage(event);

/** The networks that were used last, for the next run. */
let loaded: { readonly key: string; readonly networks: FaceNetworks } | undefined;

async function rest(): Promise<void> {
  const before = loaded;
  loaded = undefined;
  await before?.networks.detector.release();
  await before?.networks.restorer.release();
}

async function load(work: FaceWork, threads: number): Promise<FaceNetworks> {
  const { detector, restorer, provider } = work;
  const key = [detector.file, restorer.file, provider].join("\n");
  if (loaded?.key === key) return loaded.networks;
  await rest();
  const networks = await loadFaceNetworks(work, threads);
  loaded = { key, networks };
  return networks;
}

/** Passes frames on until there are no more, each with the mark of its rung before it. */
async function run(job: FaceThreadJob): Promise<void> {
  const { form, inputFd, outputFd } = job;
  const words = new Int32Array(job.shared);
  const isStopped = (): boolean => Atomics.load(words, 1) === 1;
  const mark = new Uint8Array(1);
  const frame = new Uint8Array(frameBytes(form));
  let faces: FaceFrames | undefined;
  let hasFailed = false;
  let frames = 0;

  async function restore(work: FaceWork): Promise<void> {
    if (hasFailed) return;
    try {
      faces ??= createFaceFrames(form, await load(work, job.threads));
      await faces.restore(frame, work.strength, isStopped);
    } catch (cause) {
      hasFailed = true;
      post({ type: "failed", reason: toReason(cause), frame: frames });
    }
  }

  while (readFrame(inputFd, mark) === 1 && readFrame(inputFd, frame) === frame.length) {
    const work = job.works[mark[0] ?? 0];
    if (work === null || work === undefined) faces?.forget();
    else await restore(work);
    frames += 1;
    const fromMs = performance.now();
    writeFrame(outputFd, [frame]);
    Atomics.add(words, 0, Math.round(10 * (performance.now() - fromMs)));
  }
}

let last: Promise<void> = Promise.resolve();
port.on("message", (command: FaceCommand) => {
  // Where the encoder is gone its pipe breaks: who waits for the encoder tells that.
  const over: FaceEvent = { type: command.type === "run" ? "done" : "rested" };
  last = last
    .then(() => (command.type === "run" ? run(command.job) : rest()))
    .then(
      () => post(over),
      () => post(over),
    );
});
