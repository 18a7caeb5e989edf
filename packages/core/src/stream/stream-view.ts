import type { ModelChoice, Profile } from "../film/profile.ts";
import type { StageReport } from "../told/stage.ts";
import type { Told } from "../told/told.ts";
import type { Priority, Reason, StreamState } from "./stream.ts";

/** What a viewer can expect who begins now; undefined where it is not known yet. */
export interface Expectation {
  /** Film seconds made in a second while somebody watches: predicted, then measured. */
  readonly expectedSpeed: number | undefined;
  /** Seconds of playing from now until the first stall; undefined when none is expected. */
  readonly firstStallSeconds: number | undefined;
  /** Whether to play the upscaled film or, for now, the original. */
  readonly advice: "upscaled" | "original" | undefined;
  /** The advice for people. */
  readonly adviceTold: Told | undefined;
}

/** A part of the film in seconds: [from, to). */
export type SecondsRange = readonly [number, number];

/** A machine of the farm at work for a stream. */
export interface StreamWorker {
  readonly name: string;
  readonly fps: number;
  readonly range: SecondsRange;
}

/** What is known of a stream now; what HTTP tells of it is made of this. */
export interface StreamView extends Expectation {
  readonly id: string;
  readonly title: string;
  /** Of which film it is: the same for all versions of one file. */
  readonly film: string;
  readonly state: StreamState;
  /** That encoders took; falls by what a run loses that gives way or dies. */
  readonly framesDone: number;
  /** Undefined until probed. */
  readonly framesTotal: number | undefined;
  /** 0 to 1: what is published. Never falls, but where the film itself gets longer. */
  readonly ratio: number;
  /** Film seconds made in a second of wall time; 0 when nothing runs. */
  readonly speed: number;
  readonly fps: number;
  /** What holds its run up; undefined when nothing runs, or it is not known yet. */
  readonly stages: StageReport | undefined;
  /** Share of this run's inference, 0 to 1, that was saved where pictures stood still; undefined when nothing runs. */
  readonly saved: number | undefined;
  readonly etaSeconds: number | undefined;
  /** Seconds ready beyond the playhead; of several viewers, of the one who has the least. */
  readonly leadSeconds: number;
  readonly priority: Priority;
  /** Since when it is wanted, by the clock; of two with the same priority the older one is made first. */
  readonly wantedAtMs: number;
  /** Never deleted to make room. */
  readonly pinned: boolean;
  /** Who watch now, as far as is known. */
  readonly viewers: number;
  /** Somebody watches, or is about to, since it was just triggered: it is made before all others. */
  readonly isWatched: boolean;
  /** Those of them whose player waits for what is not made yet. */
  readonly viewersWaiting: number;
  /** Live.m3u8 plays without waiting. */
  readonly ready: boolean;
  readonly segmentsReady: number;
  readonly segmentsTotal: number | undefined;
  /** Made once more by a better rung, while nobody watched near there. */
  readonly segmentsRemade: number;
  /** What is ready, in order and apart from each other. */
  readonly readyRanges: readonly SecondsRange[];
  /** What runs are making now, in the same form. */
  readonly makingRanges: readonly SecondsRange[];
  /** Other machines that make some of it now. */
  readonly workers: readonly StreamWorker[];
  readonly model: string | undefined;
  readonly provider: string | undefined;
  /** Why this model on this provider, in sentences for people; undefined while nothing runs. */
  readonly modelReason: readonly Told[] | undefined;
  /** What it is to be made by: as it was triggered, or as somebody chose since. */
  readonly wanted: ModelChoice & Pick<Profile, "model">;
  /** CRF-like, 0 (best) to 51. */
  readonly quality: number;
  /** All that is made of it was only enlarged: no network was fast enough, or none was wanted. */
  readonly plain: boolean;
  /** How much faces are to be restored, 0 to 1; undefined: not at all. */
  readonly faces: number | undefined;
  readonly encoder: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** What kind of HDR the source is, which becomes SDR; undefined: it is SDR. */
  readonly hdr: string | undefined;
  /** What is done with its fields, for people; undefined: it is progressive, and says so. */
  readonly scan: Told | undefined;
  /** Of a film that is being written, up to where it is certain. */
  readonly durationSeconds: number | undefined;
  /** Its source is being written, and followed: it gets longer. */
  readonly isGrowing: boolean;
  readonly reason: Reason | undefined;
  /** Absolute path of the finished film. */
  readonly file: string | undefined;
  /** Of the finished film. */
  readonly sizeBytes: number | undefined;
}
