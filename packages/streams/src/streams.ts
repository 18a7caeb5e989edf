import { segmentCount, type StreamRecord, type StreamView } from "@upreel/core";
import { createDispatcher } from "./dispatcher.ts";
import { filmId } from "./film-id.ts";
import { GROWS_WITHIN_MS } from "./growth/watch-growth.ts";
import { createRegister } from "./register.ts";
import { lacksDisk } from "./run-problems.ts";
import { createStopRule } from "./stop-after-viewers.ts";
import type { Stream } from "./stream-api.ts";
import { createStream } from "./stream.ts";
import type { StreamEvent, Streams } from "./streams-api.ts";
import type { StreamsDependencies, StreamsOptions } from "./streams-options.ts";
import { watchSources } from "./watch-sources.ts";
import { createTrigger } from "./trigger-stream.ts";

const LOOK_EVERY_MS = 1_000;
/** A stream that failed is not tried again sooner, however often somebody asks for a segment. */
const FAILED_RESTS_MS = 10_000;

/**
 * Takes over the streams found on disk and goes on with those that were being made. Which of them
 * work, where and in what order follows from what each needs.
 */
export async function createStreams(
  deps: StreamsDependencies,
  options: StreamsOptions,
): Promise<Streams> {
  const { log, clock } = deps;
  const workers = watchSources(deps.workers, deps.sources, clock);
  const register = createRegister();
  const listeners = new Set<(event: StreamEvent) => void>();
  let order = 0;
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
  const dispatcher = createDispatcher(register.all, { clock, offers: () => workers.offers() });
  const open = async (record: StreamRecord): Promise<Stream> =>
    build(record, await deps.folders.create(record));
  function build(record: StreamRecord, folder: Stream["folder"]): Stream {
    const stream = createStream(record, folder, {
      ...deps,
      workers,
      remakes: options.remakes,
      lookEveryMs: options.lookEveryMs ?? LOOK_EVERY_MS,
      growthTimeoutMs: options.growthTimeoutMs ?? GROWS_WITHIN_MS,
      onChange(status: StreamView) {
        if (!stream.isPrepared) tell({ type: "status", status });
      },
      onNeed: () => dispatcher.dispatch(),
      onWanted: () => dispatcher.admit(stream),
      onSpeed(rung, output, framesPerSecond) {
        const working = register
          .all()
          .flatMap((each) => each.runs())
          .filter(({ live }) => live.phase === "working");
        if (working.length === 1) deps.speeds?.note(rung, output, framesPerSecond);
      },
    });
    return stream;
  }

  function start(stream: Stream, broadcastStartedAtMs?: number): void {
    order += 1;
    stream.start(order, broadcastStartedAtMs);
    dispatcher.admit(stream);
  }

  /**
   * Makes what is missing. A live playlist that has ended stays as it is (RFC 8216 6.2.1): who asks for a
   * segment is in another one.
   */
  async function goOn(stream: Stream): Promise<void> {
    // It may be about to have failed.
    await stream.stop();
    start(stream);
  }

  /** From a new broadcast on. */
  async function startAgain(stream: Stream): Promise<void> {
    await stream.stop();
    const nowMs = clock.nowMs();
    await stream.folder.restartBroadcast(nowMs);
    start(stream, nowMs);
  }

  const pause = (id: string): Promise<void> =>
    register.control(id, async (stream) => stream.setPaused(true));
  const cancel = (id: string): Promise<void> =>
    register.control(id, async (stream) => {
      if (!stream.isWorking && stream.state !== "paused" && stream.state !== "idle") return;
      await stream.stop();
      // It may have come to its end by itself while it was being stopped.
      if (stream.state === "complete" || stream.state === "failed") return;
      await stream.cancel();
      await stream.folder.endBroadcast();
    });
  const stops = createStopRule(options.onStop, (id, how) => {
    const stopped = how === "pause" ? pause(id) : cancel(id);
    stopped.catch((error: unknown) => {
      log.error(`Stream ${id} could not be stopped after its last viewer`, { error });
    });
  });

  const { trigger, prepare } = createTrigger({
    ...{ register, secret: options.secret, nowMs: () => clock.nowMs() },
    mostWorking: options.maxQueued,
    ...{ open, start, startAgain, onViewer: stops.forget },
    remove: (id) => removeStream(id, () => tell({ type: "removed", id })),
  });

  /** Has it made behind what goes on, if it still may when its turn comes. */
  function restart(asked: Stream, mayStart: (stream: Stream) => boolean): void {
    if (!mayStart(asked)) return;
    const restarted = register.control(asked.id, async (stream) => {
      if (mayStart(stream)) await goOn(stream);
    });
    restarted.catch((error: unknown) => {
      log.error(`${asked.record.title} could not be started again`, { error });
    });
  }

  /** For a segment that was asked for though nothing makes it. */
  const mayRevive = ({ state, failedAtMs }: Stream): boolean =>
    (state === "idle" || state === "cancelled" || state === "failed" || state === "complete") &&
    (failedAtMs === undefined || clock.nowMs() - failedAtMs >= FAILED_RESTS_MS);
  const lackedRoom = ({ state, record }: Stream): boolean =>
    state === "failed" && record.reason !== undefined && lacksDisk(record.reason);

  for (const { record, folder } of await deps.folders.recover()) {
    const stream = register.adopt(record.id, build(record, folder));
    // Kept as idle while it ran: the gateway ended in mid-film, so the film goes on. One that was
    // finished and then deleted waits for somebody who wants to see it.
    const mayGoOn = record.reason?.code !== "archive_gone" && !stream.isPrepared;
    if (record.state === "idle" && mayGoOn) start(stream);
  }
  const looking = setInterval(() => {
    stops.look();
    for (const stream of register.all()) stream.look();
    // Once for all of them: it asks each for its needs.
    dispatcher.dispatch();
  }, options.lookEveryMs ?? LOOK_EVERY_MS);
  looking.unref();

  const removeStream = (
    id: string,
    onRemoved: () => void,
    isMeant?: (stream: Stream) => boolean,
  ): Promise<number | undefined> =>
    register.remove(
      id,
      async (stream) => {
        stops.forget(stream);
        await stream.stop();
        await stream.folder[Symbol.asyncDispose]();
        return stream.folder.remove();
      },
      onRemoved,
      isMeant,
    );
  async function dropPrepared(id: string): Promise<void> {
    if (!register.has(id)) return;
    const unseen = (): void => undefined;
    await removeStream(id, unseen, ({ isPrepared }) => isPrepared).catch((error: unknown) => {
      log.error(`What was prepared of ${id} could not be deleted`, { error });
    });
  }
  // Left by a gateway that ended before anybody played it.
  await Promise.all(
    register.all().map(async ({ id, isPrepared }) => isPrepared && dropPrepared(id)),
  );

  const isTold = ({ isPrepared }: Stream): boolean => !isPrepared;
  const told = (id: string): Stream | undefined => {
    const stream = register.peek(id);
    return stream !== undefined && isTold(stream) ? stream : undefined;
  };

  return {
    trigger,
    prepare,
    dropPrepared,
    status: (id) => register.find(id).status(),
    find: (film) => register.peek(filmId(register, options.secret, film))?.status(),
    list: () =>
      register
        .all()
        .filter(isTold)
        .map((stream) => stream.status()),
    ids: () =>
      register
        .all()
        .filter(isTold)
        .map(({ id }) => id),
    get: (id) => told(id)?.status(),
    has: (id) => told(id) !== undefined,
    pause,
    resume: (id, priority) =>
      register.control(id, async (stream) => {
        if (priority === "background") stream.demote();
        if (stream.isWorking) stream.setPaused(false);
        else if (stream.state === "paused") start(stream);
        else if (stream.state !== "complete") await startAgain(stream);
      }),
    cancel,
    holdBackground(isHeld) {
      dispatcher.holdBackground(isHeld);
      if (isHeld) return;
      // What stopped for want of room goes on now that there is some.
      for (const stream of register.all()) restart(stream, lackedRoom);
    },
    setPinned: (id, isPinned) => register.control(id, async (stream) => stream.setPinned(isPinned)),
    remove: async (id) => (await removeStream(id, () => tell({ type: "removed", id }))) ?? 0,
    folder: async (id) => (await register.opened(id)).folder,
    noteAsked(id, k, client) {
      const stream = register.find(id);
      stream.noteAsked(k, client);
      const { timeline } = stream.record;
      const isPastEnd = timeline !== undefined && k >= segmentCount(timeline);
      if (!isPastEnd && !stream.folder.ready.has(k)) restart(stream, mayRevive);
    },
    reportPlayhead: (id, viewer, seconds, isPaused, plays = "stream") =>
      register.find(id).reportPlayhead(viewer, seconds, isPaused, plays),
    viewerLeft: (id, viewer) => stops.left(register.find(id), viewer),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      dispatcher.close();
      await register.closeAll(
        async (stream) => {
          await stream.stop();
          // Still `idle` on disk: the next start goes on with it.
          await stream.folder[Symbol.asyncDispose]();
        },
        (error) => log.error("A stream was not closed well", { error }),
      );
      await deps.workers[Symbol.asyncDispose]();
    },
  };
}
