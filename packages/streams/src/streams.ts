import PQueue from "p-queue";
import { UpreelError, type StreamRecord, type StreamStatus } from "@upreel/core";
import type { Clock, Log, Planner, StreamFolders, Workers } from "./ports.ts";
import { streamId } from "./stream-id.ts";
import { createStream, type Stream } from "./stream.ts";
import type { StreamEvent, Streams, TriggerRequest, TriggerResult } from "./streams-api.ts";

export interface StreamsDependencies {
  readonly folders: StreamFolders;
  readonly planner: Planner;
  readonly workers: Workers;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StreamsOptions {
  /** Upscales that run at once. */
  readonly maxStreams: number;
  /** Key of the stream ids. */
  readonly secret: Uint8Array;
}

/** A stream and what is done with it now. */
interface Entry {
  readonly stream: Promise<Stream>;
  /** Aborts the work in hand, and settles when it has ended. */
  job: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
}

/**
 * Takes over the streams found on disk and goes on with those that were being made. Which streams run
 * and in what order is decided here, by a queue of `maxStreams` places.
 */
export async function createStreams(
  deps: StreamsDependencies,
  options: StreamsOptions,
): Promise<Streams> {
  const { log, clock } = deps;
  const queue = new PQueue({ concurrency: options.maxStreams });
  const entries = new Map<string, Entry>();
  const known = new Map<string, Stream>();
  const listeners = new Set<(event: StreamEvent) => void>();
  const tell = (event: StreamEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const streamDeps = {
    ...deps,
    onChange: (status: StreamStatus) => tell({ type: "status", status }),
  };

  function schedule(entry: Entry, stream: Stream): void {
    const abort = new AbortController();
    let hasBegun = false;
    stream.enqueue();
    // Without p-queue's own signal: that settles at once, while the work is still being ended.
    const worked = queue.add(async () => {
      if (abort.signal.aborted) return;
      hasBegun = true;
      await stream.work(abort.signal);
    });
    const left = new Promise<void>((resolve) => {
      abort.signal.addEventListener("abort", () => !hasBegun && resolve(), { once: true });
    });
    const ended = Promise.race([worked, left]).catch((error: unknown) => {
      log.error(`Stream ${stream.id} ended badly`, { error });
    });
    const job = { abort, ended };
    entry.job = job;
    void ended.then(() => {
      if (entry.job === job) entry.job = undefined;
    });
  }

  /** Ends the work in hand; settles when no process of it lives. */
  async function stopWork(entry: Entry): Promise<void> {
    const { job } = entry;
    if (job === undefined) return;
    job.abort.abort();
    await job.ended;
    entry.job = undefined;
  }

  async function find(id: string): Promise<{ entry: Entry; stream: Stream }> {
    const entry = entries.get(id);
    if (entry === undefined) throw notFound(id);
    return { entry, stream: await entry.stream };
  }

  function findKnown(id: string): Stream {
    const stream = known.get(id);
    if (stream === undefined) throw notFound(id);
    return stream;
  }

  async function create(id: string, request: TriggerRequest): Promise<Stream> {
    const nowMs = clock.nowMs();
    const record: StreamRecord = {
      version: 1,
      id,
      title: request.title,
      file: request.file,
      profile: request.profile,
      createdAtMs: nowMs,
      broadcastStartedAtMs: nowMs,
      state: "idle",
      made: [],
    };
    const stream = createStream(record, await deps.folders.create(record), streamDeps);
    known.set(id, stream);
    return stream;
  }

  const startAnswer = (): "started" | "queued" => (queue.size > 0 ? "queued" : "started");

  async function trigger(request: TriggerRequest): Promise<TriggerResult> {
    const id = streamId(options.secret, request.file, request.profile);
    const found = entries.get(id);
    if (found === undefined) {
      // In the map before the first await: a second trigger for the same film finds it there.
      const entry: Entry = { stream: create(id, request), job: undefined };
      entries.set(id, entry);
      try {
        schedule(entry, await entry.stream);
      } catch (error) {
        entries.delete(id);
        throw error;
      }
      return { status: startAnswer(), id, archive: undefined };
    }
    const stream = await found.stream;
    const { archive } = stream.record;
    if (
      stream.state === "complete" &&
      archive !== undefined &&
      (await stream.folder.hasArchive())
    ) {
      return { status: "exists", id, archive };
    }
    if (stream.state === "paused") stream.setPaused(false);
    if (found.job !== undefined) {
      const isWaiting = stream.state === "queued";
      return { status: isWaiting ? "queued" : "streaming", id, archive: undefined };
    }
    await stream.folder.restartBroadcast(clock.nowMs());
    schedule(found, stream);
    return { status: startAnswer(), id, archive: undefined };
  }

  for (const { record, folder } of await deps.folders.recover()) {
    const stream = createStream(record, folder, streamDeps);
    const entry: Entry = { stream: Promise.resolve(stream), job: undefined };
    entries.set(record.id, entry);
    known.set(record.id, stream);
    // Kept as idle while it ran: the gateway ended in mid-film, so the film goes on. One that was
    // finished and then deleted waits for somebody who wants to see it.
    if (record.state === "idle" && record.reason?.code !== "archive_gone") schedule(entry, stream);
  }

  return {
    trigger,
    status: (id) => findKnown(id).status(),
    list: () => [...known.values()].map((stream) => stream.status()),
    async pause(id) {
      const { entry, stream } = await find(id);
      if (stream.state === "queued") {
        await stopWork(entry);
        await stream.rest("paused");
      } else stream.setPaused(true);
    },
    async resume(id) {
      const { entry, stream } = await find(id);
      if (entry.job !== undefined) stream.setPaused(false);
      else if (stream.state === "paused") schedule(entry, stream);
    },
    async cancel(id) {
      const { entry, stream } = await find(id);
      if (entry.job === undefined && stream.state !== "paused" && stream.state !== "idle") return;
      await stopWork(entry);
      // It may have come to its end by itself while it was being stopped.
      if (stream.state === "complete" || stream.state === "failed") return;
      await stream.rest("cancelled");
      await stream.folder.endBroadcast();
    },
    async remove(id) {
      const { entry, stream } = await find(id);
      await stopWork(entry);
      entries.delete(id);
      known.delete(id);
      await stream.folder[Symbol.asyncDispose]();
      const freed = await stream.folder.remove();
      tell({ type: "removed", id });
      return freed;
    },
    folder: async (id) => (await find(id)).stream.folder,
    noteAsked: (id, k) => findKnown(id).noteAsked(k),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      queue.clear();
      await Promise.all(
        [...entries.values()].map(async (entry) => {
          const stream = await entry.stream;
          await stopWork(entry);
          // Still `idle` on disk: the next start goes on with it.
          await stream.folder[Symbol.asyncDispose]();
        }),
      );
      await deps.workers[Symbol.asyncDispose]();
    },
  };
}

const notFound = (id: string): UpreelError =>
  new UpreelError("stream_not_found", `There is no stream ${id}`, {
    expected: "an id that POST /upscale-trigger has answered",
    got: id,
  });
