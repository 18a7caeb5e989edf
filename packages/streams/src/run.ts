import {
  segmentFrames,
  toNumber,
  toReason,
  type RunEnd,
  type RunOrder,
  type Clock,
  type Log,
  type RunSummary,
  type StreamFolder,
} from "@upreel/core";
import type { LiveRun } from "./needs.ts";
import type { WorkerProgress, WorkerRun, Workers } from "./ports.ts";

/** A run that goes on for so long and so far without a published segment is ended: it does so in vain. */
const STUCK_AFTER_MS = 15_000;
const STUCK_AFTER_SEGMENTS = 4;

/** What a run shows of its speed before is that of cold caches, and of a figure that is still rising. */
const WARM_AFTER_MS = 3_000;

export interface RunParts {
  readonly workers: Workers;
  readonly folder: StreamFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly title: string;
  /** It works now, or has made some more frames. */
  readonly onProgress: (run: Run) => void;
  readonly onPublished: (run: Run, segment: number) => void;
  /** What an end means for the segments that are half made. */
  readonly judge: (run: Run, end: RunEnd) => RunEnd;
}

export interface RunOutcome {
  readonly end: RunEnd;
  readonly summary: RunSummary;
  /** It was ended to go on elsewhere or otherwise: neither a failure nor a cancel. */
  readonly isDeliberate: boolean;
}

/** One run in a worker, from its order to its last segment. */
export interface Run {
  readonly order: RunOrder;
  readonly kind: LiveRun["kind"];
  /** Of the ladder. */
  readonly level: number;
  /** Waits for a worker. */
  readonly isStarting: boolean;
  readonly progress: WorkerProgress;
  /** Its figures are those of its work, and not of its start. */
  readonly isWarm: boolean;
  readonly live: LiveRun;
  /** Segments from `to` on are made by another one. */
  leaveFrom(to: number): void;
  /** Stops by backpressure and keeps what is half made; one that has made nothing new is ended. */
  park(): void;
  resume(): void;
  /** Ends it; what is not published is lost. */
  end(): void;
  /** When no process works for it any more and all it made is published; never rejects. */
  readonly ended: Promise<RunOutcome>;
}

type Phase =
  | { readonly kind: "starting" }
  | { readonly kind: "working"; readonly handle: WorkerRun; readonly isParked: boolean }
  | { readonly kind: "ending" };

export function startRun(
  order: RunOrder,
  { kind, level }: { readonly kind: LiveRun["kind"]; readonly level: number },
  parts: RunParts,
): Run {
  const { folder, clock, log, title } = parts;
  const { timeline, rung, output, fromSegment, toSegment } = order;
  const firstFrame = segmentFrames(timeline, fromSegment).first;
  const starting = new AbortController();
  let phase: Phase = { kind: "starting" };
  let progress: WorkerProgress = { frames: 0, fps: 0, saved: 0 };
  let next = fromSegment;
  let to = toSegment;
  let isDeliberate = false;
  /** When it began to make frames, or went on with it. */
  let makingSinceMs: number | undefined;
  /** The last sign that what is made is published too. */
  let lastGood = { next, frames: 0, atMs: clock.nowMs() };

  const isParked = (): boolean => phase.kind === "working" && phase.isParked;
  /** The frame up to which all is published; a quick run's figures come later than its segments. */
  const published = (): number => segmentFrames(timeline, next).first;

  function end(): void {
    if (phase.kind === "ending") return;
    isDeliberate = true;
    starting.abort();
    if (phase.kind === "working") phase.handle.cancel();
    phase = { kind: "ending" };
  }

  function watchForStall(): void {
    const nowMs = clock.nowMs();
    const frames = progress.frames - lastGood.frames;
    if (isParked() || next !== lastGood.next) {
      lastGood = { next, frames: progress.frames, atMs: nowMs };
    } else if (
      nowMs - lastGood.atMs >= STUCK_AFTER_MS &&
      frames >= STUCK_AFTER_SEGMENTS * timeline.framesPerSegment
    ) {
      log.error(`${title}: no segment could be published for a while, the run is ended`);
      lastGood = { next, frames: progress.frames, atMs: nowMs };
      if (phase.kind === "working") phase.handle.cancel();
    }
  }

  async function work(): Promise<RunEnd> {
    try {
      const handle = await parts.workers.start(
        order,
        (made) => {
          progress = made;
          if (made.frames > 0) makingSinceMs ??= clock.nowMs();
          watchForStall();
          parts.onProgress(run);
        },
        starting.signal,
      );
      if (phase.kind === "ending") handle.cancel();
      else {
        phase = { kind: "working", handle, isParked: false };
        log.info(
          `${title}: ${rung.model.id} on ${rung.provider}, ` +
            `${output.inputWidth}×${output.inputHeight} → ${output.width}×${output.height}, ` +
            `segments ${fromSegment} to ${toSegment - 1}${kind === "remake" ? " again" : ""}`,
        );
        parts.onProgress(run);
      }
      return await handle.ended;
    } catch (thrown) {
      return starting.signal.aborted
        ? { why: "cancelled", frames: 0 }
        : { why: "failed", frames: 0, reason: toReason(thrown) };
    }
  }

  async function live(): Promise<RunOutcome> {
    const watch = await folder.watchRun({
      runId: order.runId,
      timeline,
      fromSegment,
      toSegment,
      replaces: kind === "remake",
      hasSound: hasSound(order),
    });
    const forget = folder.onPublished((k) => {
      if (k < next || k >= to) return;
      next = k + 1;
      parts.onPublished(run, k);
      if (next >= to && to < toSegment) end();
    });
    const made = await work();
    phase = { kind: "ending" };
    const ended = isDeliberate ? made : parts.judge(run, made);
    const summary = await watch.finish(ended).finally(forget);
    log.debug(
      `Run ${order.runId} ended: ${ended.why}, ${summary.published.length} segments of ${progress.frames} frames`,
    );
    return { end: ended, summary, isDeliberate };
  }

  function failed(thrown: unknown): RunOutcome {
    phase = { kind: "ending" };
    const end: RunEnd = { why: "failed", frames: 0, reason: toReason(thrown) };
    return { end, summary: { published: [], rejected: [] }, isDeliberate };
  }

  const run: Run = {
    order,
    kind,
    level,
    get isStarting() {
      return phase.kind === "starting";
    },
    get progress() {
      return progress;
    },
    get isWarm() {
      return (
        phase.kind === "working" &&
        !phase.isParked &&
        progress.frames >= timeline.framesPerSegment &&
        clock.nowMs() - (makingSinceMs ?? Infinity) >= WARM_AFTER_MS
      );
    },
    get live(): LiveRun {
      return {
        ...{ id: order.runId, kind, next, to },
        pace: { frame: Math.max(firstFrame + progress.frames, published()), fps: progress.fps },
        phase: phase.kind === "ending" ? "ending" : isParked() ? "parked" : "working",
      };
    },
    leaveFrom(segment) {
      to = Math.min(to, segment);
      if (next >= to) end();
    },
    park() {
      // It has made all: its end is near.
      if (next >= to) return;
      if (progress.frames === 0 || kind === "remake") end();
      if (phase.kind !== "working" || phase.isParked) return;
      makingSinceMs = undefined;
      phase.handle.pause();
      phase = { ...phase, isParked: true };
    },
    resume() {
      if (phase.kind !== "working" || !phase.isParked) return;
      phase.handle.resume();
      phase = { ...phase, isParked: false };
    },
    end,
    ended: Promise.resolve().then(live).catch(failed),
  };
  return run;
}

/** Whether each segment has to have sound; in a hole of the source copied sound may have one, too. */
const hasSound = ({ output: { audio }, fillsHole, encodesSound }: RunOrder): boolean =>
  audio.kind === "aac" || (audio.kind === "copy" && (encodesSound === true || fillsHole !== true));

/** Film seconds a second of a run; undefined until that is known. */
export const measuredSpeed = ({ order, progress, isWarm }: Run): number | undefined =>
  isWarm && progress.fps > 0 ? progress.fps / toNumber(order.timeline.rate) : undefined;
