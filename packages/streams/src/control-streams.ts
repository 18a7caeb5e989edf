import type { Clock, Log } from "@upreel/core";
import type { Dispatcher } from "./dispatcher.ts";
import type { createRegister } from "./register.ts";
import { lacksDisk } from "./run-problems.ts";
import type { Stream } from "./stream-api.ts";
import type { Streams } from "./streams-api.ts";

/** A stream that failed is not tried again sooner, however often somebody asks for a segment. */
const FAILED_RESTS_MS = 10_000;

export interface ControlParts {
  readonly register: ReturnType<typeof createRegister>;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly steadyClock: Clock;
  readonly log: Log;
}

/** Starts streams and ends them. */
export function createControl({ register, dispatcher, clock, steadyClock, log }: ControlParts) {
  let last = 0;

  /** Streams begin in the order in which they were asked for, also after a restart. Each has a time of its own. */
  function orderOf({ record }: Stream, broadcastStartedAtMs: number | undefined): number {
    if (broadcastStartedAtMs === undefined) return record.broadcastStartedAtMs;
    last = Math.max(last + 1, broadcastStartedAtMs);
    return last;
  }

  function start(stream: Stream, broadcastStartedAtMs?: number): void {
    stream.start(orderOf(stream, broadcastStartedAtMs), broadcastStartedAtMs);
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
    (failedAtMs === undefined || steadyClock.nowMs() - failedAtMs >= FAILED_RESTS_MS);

  const controls: Pick<Streams, "pause" | "resume" | "cancel"> = {
    pause: (id) => register.control(id, async (stream) => stream.setPaused(true)),
    resume: (id, priority) =>
      register.control(id, async (stream) => {
        if (priority === "background") stream.demote();
        if (stream.isWorking) stream.setPaused(false);
        else if (stream.state === "paused") start(stream);
        else if (stream.state !== "complete") await startAgain(stream);
      }),
    cancel: (id) => register.control(id, cancel),
  };
  return {
    ...controls,
    ...{ start, startAgain },
    /** Somebody waits for a segment of it. */
    revive: (stream: Stream): void => restart(stream, mayRevive),
    /** What stopped for want of room goes on now that there is some. */
    goOnWithRoom: (): void => register.all().forEach((stream) => restart(stream, lackedRoom)),
  };
}

const lackedRoom = ({ state, record }: Stream): boolean =>
  state === "failed" && record.reason !== undefined && lacksDisk(record.reason);

async function cancel(stream: Stream): Promise<void> {
  if (!stream.isWorking && stream.state !== "paused" && stream.state !== "idle") return;
  await stream.stop();
  // It may have come to its end by itself while it was being stopped.
  if (stream.state === "complete" || stream.state === "failed") return;
  await stream.cancel();
  await stream.folder.endBroadcast();
}
