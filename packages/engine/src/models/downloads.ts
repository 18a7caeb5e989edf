import { join } from "node:path";
import { toReason, UpreelError, type ModelDownload } from "@upreel/core";
import type { PublicModel } from "@upreel/upscaler";
import { downloadFile } from "./download-file.ts";

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

export function createDownloads(parts: DownloadsParts): Downloads {
  const states = new Map<string, ModelDownload>();
  const running = new Map<string, Promise<void>>();
  const listeners = new Set<(id: string, download: ModelDownload) => void>();

  function set(id: string, download: ModelDownload): void {
    states.set(id, download);
    for (const listener of listeners) listener(id, download);
  }

  async function run({ id, url, sha256, size_bytes: total }: PublicModel): Promise<void> {
    let bytes = states.get(id)?.bytes ?? 0;
    let toldMs = 0;
    const tell = (state: "downloading" | "checking"): void =>
      set(id, { state, bytes, total, reason: null });
    try {
      await parts.reserve(total);
      const part = join(parts.folder, `${id}.part`);
      await downloadFile({ url, sha256, sizeBytes: total }, part, {
        signal: parts.signal,
        pauseMs: parts.pauseMs,
        onProgress(now) {
          bytes = now;
          if (performance.now() - toldMs < TELL_EVERY_MS) return;
          toldMs = performance.now();
          tell("downloading");
        },
      });
      bytes = total;
      tell("checking");
      await parts.take(part, `${id}.onnx`);
      set(id, { state: "done", bytes, total, reason: null });
    } catch (thrown) {
      const reason = parts.signal.aborted
        ? toReason(new UpreelError("cancelled", `The download of ${id} was ended`))
        : toReason(thrown);
      set(id, { state: "failed", bytes, total, reason });
    } finally {
      running.delete(id);
    }
  }

  return {
    start(model) {
      const { id, size_bytes: total } = model;
      const begun: ModelDownload = { state: "downloading", bytes: 0, total, reason: null };
      if (!running.has(id)) {
        states.set(id, begun);
        running.set(id, run(model));
      }
      return states.get(id) ?? begun;
    },
    state: (id) => states.get(id) ?? null,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async whenDone(id) {
      await running.get(id);
      return states.get(id) ?? null;
    },
  };
}
