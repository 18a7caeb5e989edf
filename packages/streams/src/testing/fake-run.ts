import {
  nameOfRung,
  segmentFrames,
  type Reason,
  type RunEnd,
  type RunOrder,
  type RungName,
} from "@upreel/core";
import type { WorkerProgress, WorkerRun } from "../ports.ts";
import type { FakeFolder } from "./fake-folder.ts";

/** A run in a worker that does what the test says. */
export class FakeRun {
  readonly order: RunOrder;
  readonly folder: FakeFolder;
  readonly #onProgress: (progress: WorkerProgress) => void;
  readonly #ended = Promise.withResolvers<RunEnd>();
  readonly told: ("pause" | "resume" | "cancel")[] = [];
  /** Whether a cancel ends it at once. */
  obeysCancel = true;
  /** Where it was told that others go on. */
  endsAt: number | undefined;
  /** Segments that a test had it make one by one. */
  made = 0;
  /** By what it makes its segments; a change is carried out at once. */
  rungs: (RungName & { fromSegment: number })[];
  /** Models that it was told to change to, and whether it cannot load them. */
  readonly asked: string[] = [];
  refuses = false;
  #refused: NonNullable<WorkerProgress["refused"]> = [];
  #frames = 0;
  #isOver = false;

  constructor(order: RunOrder, folder: FakeFolder, onProgress: (progress: WorkerProgress) => void) {
    this.order = order;
    this.folder = folder;
    this.#onProgress = onProgress;
    this.rungs = [{ ...nameOfRung(order.rung), fromSegment: order.fromSegment }];
  }
  get handle(): WorkerRun {
    return {
      ended: this.#ended.promise,
      setRung: (rung, fromSegment) => {
        this.asked.push(rung.model);
        const reason = { code: "model_unusable", message: "no network" } as const;
        if (this.refuses) this.#refused = [...this.#refused, { ...rung, reason }];
        else this.rungs = [...this.rungs, { ...rung, fromSegment }];
        this.progress(this.#frames);
      },
      endAt: (segment) => void (this.endsAt = segment),
      pause: () => void this.told.push("pause"),
      resume: () => void this.told.push("resume"),
      cancel: () => {
        this.told.push("cancel");
        if (this.obeysCancel) this.end({ why: "cancelled", frames: this.#frames });
      },
    };
  }
  /** What makes its segments now. */
  get model(): string {
    return this.rungs.at(-1)?.model ?? this.order.rung.model.id;
  }
  get isCancelled(): boolean {
    return this.told.includes("cancel");
  }
  /** Neither paused nor over. */
  get isWorking(): boolean {
    return !this.#isOver && !this.isCancelled && this.told.at(-1) !== "pause";
  }
  /** It makes segments again that are there. */
  get isReplacing(): boolean {
    return this.folder.replacing.has(this.order.runId);
  }
  progress(frames: number, fps = 24): void {
    this.#frames = frames;
    this.#onProgress({ frames, fps, saved: 0, rungs: this.rungs, refused: this.#refused });
  }
  end(end: RunEnd): void {
    this.#isOver = true;
    this.#ended.resolve(end);
  }
  fail(code: Reason["code"] = "worker_lost"): void {
    this.end({ why: "failed", frames: this.#frames, reason: { code, message: `it ${code}` } });
  }
  /** Somebody else kills one of its processes. */
  beKilled(code: Reason["code"] = "decoder_failed"): void {
    const reason = { code, message: "killed by SIGKILL" };
    this.end({ why: "failed", frames: this.#frames, reason, wasKilled: true });
  }
  /** Makes its next segments, up to but without `to`. */
  publish(from: number, to: number, fps = 24): void {
    const { timeline, fromSegment } = this.order;
    for (let k = from; k < to; k++) {
      const done = segmentFrames(timeline, k).end - segmentFrames(timeline, fromSegment).first;
      this.progress(done, fps);
      this.folder.publish(k);
    }
  }
  finish(): void {
    const { fromSegment, toSegment } = this.order;
    this.publish(fromSegment, toSegment);
    this.end({ why: "finished", frames: this.#frames });
  }
}
