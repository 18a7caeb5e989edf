import {
  nameOfRung,
  type ErrorCode,
  type FarmCommand,
  type FarmReport,
  type Reason,
  type RunEnd,
  type RunOrder,
} from "@upreel/core";
import type { WorkerProgress, WorkerRun } from "@upreel/streams";
import { createMadeByRun, STANDS_STILL } from "./made-by-run.ts";

/** A run on another machine, as its owner knows it. */
export interface RemoteRun {
  readonly order: RunOrder;
  readonly handle: WorkerRun;
  /** Settles when it works, or is over. */
  readonly working: Promise<void>;
  readonly fps: number;
  /** Others make the segments from there on. */
  readonly toSegment: number;
  report(message: Extract<FarmReport, { type: "working" | "progress" | "ended" }>): void;
  /** A segment of it was taken. */
  accepted(segment: number): void;
  /** So much time went by: a run that works, and makes nothing for too long, is lost. */
  pass(elapsedMs: number): void;
  /** Its machine was not asked: it cannot make what its first rung is. */
  cannot(why: string): void;
  /** Whatever its machine does from now on; it is told to stop. */
  lose(why: string): void;
  /** The same by the wish of who runs the farm: no fault of its machine. */
  takeBack(why: string): void;
}

export interface RemoteRunParts {
  readonly machine: string;
  readonly send: (command: FarmCommand) => void;
  readonly onProgress: (progress: WorkerProgress) => void;
  /** `fault`: what its machine did wrong. */
  readonly onEnd: (fault: string | undefined) => void;
}

/** What its machine cannot run, others may; asked again it would fail again. */
const isNetworkFault = (code: ErrorCode): boolean =>
  ["model_unknown", "model_not_found", "model_unusable"].includes(code);

/** A film is not judged by what another machine says of it. */
const lostRun = (
  { toSegment }: RunOrder,
  frames: number,
  message: string,
  got: string | undefined,
): RunEnd => ({
  ...{ why: "failed", frames, wasKilled: true },
  reason: { code: "worker_lost", message, expected: `segments up to ${toSegment - 1}`, got },
});

/** What is wrong with the end that a machine tells of its run; undefined: it made all of it. */
function faultOf(said: RunEnd, hasAll: boolean): string | undefined {
  switch (said.why) {
    case "finished":
      // Each segment is sent, and answered, before that: the machine would be given the same again and again.
      return hasAll ? undefined : "says that it is done, and has not sent all its segments";
    case "cancelled":
      return "gave its segments back";
    case "source_truncated":
      return "could not make its segments: the film seems to end early there";
    case "failed":
      return `could not make its segments: ${said.reason.message}`;
  }
}

/** Ends once: by its machine's word, by the owner's, or when the machine is lost. */
export function createRemoteRun(
  order: RunOrder,
  { machine, send, onProgress, onEnd }: RemoteRunParts,
): RemoteRun {
  const { runId, toSegment } = order;
  const made = createMadeByRun(order);
  const { promise: working, resolve: isWorking } = Promise.withResolvers<void>();
  const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
  let told: WorkerProgress = { frames: 0, fps: 0, saved: 0 };
  let fps = 0;
  let endsAt = toSegment;
  let isOver = false;

  function end(how: RunEnd, fault?: string): void {
    if (isOver) return;
    isOver = true;
    fps = 0;
    isWorking();
    resolve(how);
    onEnd(fault);
  }

  const lost = (message: string, got: string | undefined): RunEnd =>
    lostRun(order, made.frames, message, got);
  const fail = (message: string, got: string): void => end(lost(message, got), message);

  /** Asked again it would be so again. */
  function refuse(reason: Reason): void {
    const refusal = { ...nameOfRung(order.rung), reason };
    onProgress({ ...told, frames: made.frames, refused: [...(told.refused ?? []), refusal] });
  }

  function stop(why: string): RunEnd {
    if (!isOver) send({ type: "cancel", runId });
    return lost(`${machine} makes its segments no more: ${why}`, why);
  }

  return {
    order,
    working,
    get fps() {
      return fps;
    },
    get toSegment() {
      return endsAt;
    },
    handle: {
      ended,
      setRung: (rung, from) => send({ type: "set-rung", runId, rung, fromSegment: from }),
      endAt: (segment) => void (endsAt = segment),
      pause() {
        made.pause();
        send({ type: "pause", runId });
      },
      resume() {
        made.goOn();
        send({ type: "resume", runId });
      },
      cancel() {
        send({ type: "cancel", runId });
        // Its place is free from now on; whatever comes of it later is not taken.
        end({ why: "cancelled", frames: made.frames });
      },
    },
    report(message) {
      if (isOver) return;
      if (message.type === "working") {
        made.goOn();
        return isWorking();
      }
      if (message.type === "progress") {
        ({ fps } = message);
        const { saved, stages, rungs, refused } = message;
        made.note(message.frames);
        told = { frames: made.frames, fps, saved, stages, rungs, refused };
        return onProgress(told);
      }
      const { end: said } = message;
      made.note(said.frames);
      if (said.why === "failed" && isNetworkFault(said.reason.code)) refuse(said.reason);
      const fault = faultOf(said, made.hasAllBefore(endsAt));
      if (fault === undefined) end({ ...said, frames: made.frames });
      else fail(`${machine} ${fault}`, said.why);
    },
    accepted: (segment) => made.accepted(segment),
    pass(elapsedMs) {
      if (made.pass(elapsedMs)) end(stop(STANDS_STILL), STANDS_STILL);
    },
    cannot(why) {
      // Whoever ordered it listens by then.
      queueMicrotask(() => {
        if (isOver) return;
        refuse({ code: "model_unusable", message: `${machine} cannot make this: ${why}` });
        end(lost(`${machine} cannot make its segments: ${why}`, undefined));
      });
    },
    lose: (why) => end(stop(why), why),
    takeBack: (why) => end(stop(why)),
  };
}
