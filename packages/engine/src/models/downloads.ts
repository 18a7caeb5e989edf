import { join } from "node:path";
import {
  toReason,
  UpreelError,
  type JobInHand,
  type JobKind,
  type Jobs,
  type JobState,
  type ModelDownload,
} from "@upreel/core";
import type { PublicModel } from "@upreel/upscaler";
import { z } from "zod";
import { downloadFile, isBrokenOff } from "./download-file.ts";

/** Downloads of public models, one at a time each. */
export interface Downloads {
  /** Begins, or goes on with what was broken off; nothing when it is under way. */
  start(model: PublicModel): ModelDownload;
  state(id: string): ModelDownload | null;
  /** Told after each change, about ten times a second at most. */
  subscribe(listener: (id: string, download: ModelDownload) => void): () => void;
  /** Settles when no download of `id` is under way; never rejects. */
  whenDone(id: string): Promise<ModelDownload | null>;
}

export interface DownloadsParts {
  readonly jobs: Jobs;
  /** What may be downloaded: a job names it, and nothing else of it is believed. */
  readonly publicModels: readonly PublicModel[];
  /** In the folder of models: what is complete is moved by a rename. */
  readonly folder: string;
  /** Takes a whole, checked file in. */
  readonly take: (file: string, fileName: string) => Promise<unknown>;
  /** Throws when there is no room for so many bytes. */
  readonly reserve: (bytes: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly pauseMs?: number | undefined;
}

const TELL_EVERY_MS = 100;

const progressSchema = z.object({ step: z.enum(["downloading", "checking"]), bytes: z.int() });
type Progress = z.infer<typeof progressSchema>;
type Wanted = { id: string };

/** A connection that is cut is taken up again, where it got further each time. */
const downloadsKind = (pauseMs = 1_000): JobKind<Wanted, Progress, Wanted> => ({
  name: "model-download",
  data: z.object({ id: z.string() }),
  progress: progressSchema,
  result: z.object({ id: z.string() }),
  ...{ atATime: 3, tries: 4, backOffMs: pauseMs, isWorthAgain: isBrokenOff },
});

export function createDownloads(parts: DownloadsParts): Downloads {
  const queue = parts.jobs.open(downloadsKind(parts.pauseMs));
  const states = new Map<string, ModelDownload>();
  const adding = new Map<string, Promise<void>>();
  const listeners = new Set<(id: string, download: ModelDownload) => void>();
  const totalOf = (id: string): number =>
    parts.publicModels.find((model) => model.id === id)?.size_bytes ?? 0;

  function set(id: string, change: Partial<ModelDownload>): void {
    const before = states.get(id);
    const { state = "downloading", bytes = 0 } = before ?? {};
    const now = { state, bytes, total: totalOf(id), reason: null, ...change };
    states.set(id, now);
    for (const listener of listeners) listener(id, now);
  }
  function follow(id: string, now: JobState<Progress, Wanted>): void {
    if (now.state === "waiting") set(id, { state: "downloading" });
    else if (now.state === "done") set(id, { state: "done", bytes: totalOf(id) });
    else if (now.state === "failed") set(id, { state: "failed", reason: now.reason });
    else if (now.progress !== undefined)
      set(id, { state: now.progress.step, bytes: now.progress.bytes });
  }

  queue.subscribe(follow);
  // Those that were begun before a restart, or by another gateway.
  queue.list().then(
    (jobs) => {
      for (const job of jobs) if (!states.has(job.id)) follow(job.id, job);
    },
    () => undefined,
  );
  queue.work((job) => run(parts, job));

  return {
    start(model) {
      const { id } = model;
      const before = states.get(id)?.state;
      if (before !== "downloading" && before !== "checking") {
        set(id, { state: "downloading", bytes: 0 });
        adding.set(
          id,
          queue
            .add(id, { id }, { priority: "asked" })
            .catch((thrown: unknown) => set(id, { state: "failed", reason: toReason(thrown) })),
        );
      }
      return states.get(id) ?? { state: "downloading", bytes: 0, total: totalOf(id), reason: null };
    },
    state: (id) => states.get(id) ?? null,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async whenDone(id) {
      await adding.get(id);
      const before = states.get(id);
      if (before?.state !== "downloading" && before?.state !== "checking") return before ?? null;
      await queue.finished(id, parts.signal).then(
        () => set(id, { state: "done", bytes: totalOf(id) }),
        (thrown: unknown) =>
          set(id, { state: "failed", reason: toReason(parts.signal.aborted ? ended(id) : thrown) }),
      );
      return states.get(id) ?? null;
    },
  };
}

const ended = (id: string): UpreelError =>
  new UpreelError("cancelled", `The download of ${id} was stopped`);

async function run(
  { publicModels, reserve, folder, take, signal: closing }: DownloadsParts,
  { id, signal, tell }: JobInHand<Wanted, Progress>,
): Promise<Wanted> {
  const model = publicModels.find((each) => each.id === id);
  if (model === undefined)
    throw new UpreelError("model_not_found", `There is no public model ${id}`, { got: id });
  const { url, sha256, size_bytes: total } = model;
  await reserve(total);
  const part = join(folder, `${id}.part`);
  let toldMs = 0;
  const either = AbortSignal.any([signal, closing]);
  try {
    await downloadFile({ url, sha256, sizeBytes: total }, part, {
      signal: either,
      onProgress(bytes) {
        if (performance.now() - toldMs < TELL_EVERY_MS) return;
        toldMs = performance.now();
        tell({ step: "downloading", bytes });
      },
    });
    tell({ step: "checking", bytes: total });
    await take(part, `${id}.onnx`);
    return { id };
  } catch (thrown) {
    throw either.aborted ? ended(id) : thrown;
  }
}
