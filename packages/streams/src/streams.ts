import PQueue from "p-queue";
import { UpreelError, type StreamRecord, type StreamState, type StreamStatus } from "@upreel/core";
import type { Clock, Log, Planner, StreamFolders, Workers } from "./ports.ts";
import { streamId } from "./stream-id.ts";
import { createStream, type Stream } from "./stream.ts";
import type { OnStop, StreamEvent, Streams, TriggerRequest, TriggerResult } from "./streams-api.ts";

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
  /** What becomes of a stream when its last viewer has stopped. */
  readonly onStop: OnStop;
  /** Key of the stream ids. */
  readonly secret: Uint8Array;
}

/** A stream and what is done with it now. */
interface Entry {
  readonly stream: Promise<Stream>;
  /** Aborts the work in hand, and settles when it has ended. */
  job: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  /** Settles when the last call in hand is done: calls for one stream follow each other. */
  turn: Promise<unknown>;
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
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        // A listener's trouble is not the stream's.
        log.error("A listener to the streams failed", { error });
      }
    }
  };
  const streamDeps = {
    ...deps,
    onChange: (status: StreamStatus) => tell({ type: "status", status }),
  };

  function schedule(entry: Entry, stream: Stream, broadcastStartedAtMs?: number): void {
    const abort = new AbortController();
    let hasBegun = false;
    stream.enqueue(broadcastStartedAtMs);
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

  /** Calls for one stream follow each other, so that none of them finds it half-way to a state. */
  function inTurn<T>(entry: Entry, act: () => Promise<T>): Promise<T> {
    const done = entry.turn.then(act);
    entry.turn = done.catch(() => {});
    return done;
  }

  /** As `inTurn`, for a stream that must still be there when its turn comes. */
  function control<T>(id: string, act: (entry: Entry, stream: Stream) => Promise<T>): Promise<T> {
    const entry = entries.get(id);
    if (entry === undefined) return Promise.reject(notFound(id));
    return inTurn(entry, async () => {
      if (entries.get(id) !== entry) throw notFound(id);
      return act(entry, await entry.stream);
    });
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
      priority: request.priority ?? "viewer",
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
    for (;;) {
      const found = entries.get(id);
      if (found === undefined) return begin(id, request);
      const result = await inTurn(found, async () => {
        // Removed, or never made, while this call waited.
        if (entries.get(id) !== found) return undefined;
        return triggerAgain(request, found, await found.stream);
      });
      if (result !== undefined) return result;
    }
  }

  async function begin(id: string, request: TriggerRequest): Promise<TriggerResult> {
    // In the map before the first await: a second trigger for the same film finds it there.
    const entry: Entry = { stream: create(id, request), job: undefined, turn: Promise.resolve() };
    entries.set(id, entry);
    return inTurn(entry, async () => {
      try {
        schedule(entry, await entry.stream);
      } catch (error) {
        entries.delete(id);
        throw error;
      }
      return { status: startAnswer(), id, archive: undefined };
    });
  }

  async function triggerAgain(
    { priority = "viewer" }: TriggerRequest,
    entry: Entry,
    stream: Stream,
  ): Promise<TriggerResult> {
    const { id } = stream;
    stream.raisePriority(priority);
    // It has come to its end and is about to be let go.
    if (!isWaitingOrAtWork(stream.state)) await entry.job?.ended;
    const { archive } = stream.record;
    if (
      stream.state === "complete" &&
      archive !== undefined &&
      (await stream.folder.hasArchive())
    ) {
      return { status: "exists", id, archive };
    }
    if (entry.job !== undefined && isWaitingOrAtWork(stream.state)) {
      const isWaiting = stream.state === "queued";
      stream.setPaused(false);
      if (priority === "viewer") stream.expectViewer();
      return { status: isWaiting ? "queued" : "streaming", id, archive: undefined };
    }
    await entry.job?.ended;
    const nowMs = clock.nowMs();
    await stream.folder.restartBroadcast(nowMs);
    schedule(entry, stream, nowMs);
    return { status: startAnswer(), id, archive: undefined };
  }

  for (const { record, folder } of await deps.folders.recover()) {
    const stream = createStream(record, folder, streamDeps);
    const entry: Entry = {
      stream: Promise.resolve(stream),
      job: undefined,
      turn: Promise.resolve(),
    };
    entries.set(record.id, entry);
    known.set(record.id, stream);
    // Kept as idle while it ran: the gateway ended in mid-film, so the film goes on. One that was
    // finished and then deleted waits for somebody who wants to see it.
    if (record.state === "idle" && record.reason?.code !== "archive_gone") schedule(entry, stream);
  }

  const pause = (id: string): Promise<void> =>
    control(id, async (entry, stream) => {
      if (stream.state === "queued") {
        await stopWork(entry);
        await stream.rest("paused");
      } else stream.setPaused(true);
    });
  const cancel = (id: string): Promise<void> =>
    control(id, async (entry, stream) => {
      if (entry.job === undefined && stream.state !== "paused" && stream.state !== "idle") return;
      await stopWork(entry);
      // It may have come to its end by itself while it was being stopped.
      if (stream.state === "complete" || stream.state === "failed") return;
      await stream.rest("cancelled");
      await stream.folder.endBroadcast();
    });

  function viewerLeft(id: string, viewer: string): void {
    const stream = findKnown(id);
    if (stream.viewers.leave(viewer, clock.nowMs())) return;
    stream.demote();
    if (options.onStop === "finish" || !isWaitingOrAtWork(stream.state)) return;
    const stopped = options.onStop === "pause" ? pause(id) : cancel(id);
    stopped.catch((error: unknown) => {
      log.error(`${stream.record.title} could not be stopped after its last viewer`, { error });
    });
  }

  return {
    trigger,
    status: (id) => findKnown(id).status(),
    find: ({ file, profile }) => known.get(streamId(options.secret, file, profile))?.status(),
    list: () => [...known.values()].map((stream) => stream.status()),
    pause,
    resume: (id) =>
      control(id, async (entry, stream) => {
        if (entry.job !== undefined) stream.setPaused(false);
        else if (stream.state === "paused") schedule(entry, stream);
      }),
    cancel,
    remove: (id) =>
      control(id, async (entry, stream) => {
        await stopWork(entry);
        try {
          await stream.folder[Symbol.asyncDispose]();
          return await stream.folder.remove();
        } finally {
          // Only now: a trigger that comes meanwhile makes its folder after this one is gone.
          entries.delete(id);
          known.delete(id);
          tell({ type: "removed", id });
        }
      }),
    async folder(id) {
      const entry = entries.get(id);
      if (entry === undefined) throw notFound(id);
      return (await entry.stream).folder;
    },
    noteAsked: (id, k, client) => findKnown(id).noteAsked(k, client),
    reportPlayhead: (id, viewer, seconds, isPaused) =>
      findKnown(id).reportPlayhead(viewer, seconds, isPaused),
    viewerLeft,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      queue.clear();
      await Promise.all(
        [...entries.values()].map((entry) =>
          inTurn(entry, async () => {
            const stream = await entry.stream;
            await stopWork(entry);
            // Still `idle` on disk: the next start goes on with it.
            await stream.folder[Symbol.asyncDispose]();
          }).catch((error: unknown) => log.error("A stream was not closed well", { error })),
        ),
      );
      await deps.workers[Symbol.asyncDispose]();
    },
  };
}

const isWaitingOrAtWork = (state: StreamState): boolean =>
  state === "queued" || state === "starting" || state === "running" || state === "paused";

const notFound = (id: string): UpreelError =>
  new UpreelError("stream_not_found", `There is no stream ${id}`, {
    expected: "an id that POST /upscale-trigger has answered",
    got: id,
  });
