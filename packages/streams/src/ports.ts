import type {
  FileIdentity,
  FilmFollowing,
  Offer,
  Output,
  Profile,
  Reason,
  RunEnd,
  RunOrder,
  Rung,
  RungName,
  Source,
  StageReport,
  Timeline,
} from "@upreel/core";

/** What probing a file and planning its upscale gives. */
export interface Plan {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly ladder: Ladder;
  /**
   * What the file says of its own end. `whole`: it is all there. `unfinished`: it lacks what is written
   * last. `open`: it may end anywhere. Absent: as `whole`.
   */
  readonly ending?: "whole" | "open" | "unfinished" | undefined;
}

/** What may make the segments of a stream, best first; the plain scaler comes last. */
export type Ladder = readonly LadderRung[];

export interface LadderRung {
  readonly rung: Rung;
  /** Film seconds made in a second, as this machine's measurements predict; undefined: not measured. */
  readonly expectedSpeed: number | undefined;
}

/** Is told how fast runs are that have the machine alone and save nothing: what the next plan may expect. */
export interface SpeedNotes {
  note(rung: Rung, output: Output, framesPerSecond: number): void;
}

/** Film seconds a second that a rung makes at a place, the way of its segments included; undefined: not known. */
export type SpeedAt = (
  offer: Offer,
  rung: Rung,
  output: Output,
  timeline: Timeline,
) => number | undefined;

export interface Planner {
  /** Throws UpreelError with a source_*, model_* or encoder_* code. */
  plan(file: FileIdentity, profile: Profile, signal: AbortSignal): Promise<Plan>;
  /**
   * The same by all of the file, for a plan that is provisional: it takes what reading the file takes.
   * `grid`: what the film was begun by, which stays.
   */
  planWhole(
    file: FileIdentity,
    profile: Profile,
    signal: AbortSignal,
    grid?: Timeline,
  ): Promise<Plan>;
  /**
   * Of a film that is being written: as far as it is certain. `grid`: as of `planWhole`. Throws
   * `source_growing` while nothing is.
   */
  planGrowing(
    file: FileIdentity,
    profile: Profile,
    signal: AbortSignal,
    grid?: Timeline,
  ): Promise<Plan>;
  /** Goes on from there. */
  follow(film: Pick<Plan, "source" | "timeline">, signal: AbortSignal): FilmFollowing;
  /** The ladder of a stream that was planned before a restart. */
  ladderFor(profile: Profile, timeline: Timeline, output: Output): Promise<Ladder>;
}

/**
 * Compares a finished film with its source: what it lacks, where and why; undefined: nothing. Rejects
 * when it cannot be told.
 */
export type ProveFilm = (
  film: {
    readonly source: Source;
    readonly timeline: Timeline;
    readonly output: Output;
    /** Pictures that were decoded for segment k; null: not known. */
    readonly decoded: readonly (number | null)[];
    /** Absolute path. */
    readonly archive: string;
  },
  signal: AbortSignal,
) => Promise<Reason | undefined>;
/** The files that films are made of, on disks that may hang, stumble, or hold something else. */
export interface Sources {
  /**
   * What lies now where the film was found. Throws `source_unavailable` while its disk does not answer,
   * another `source_*` where the film is gone.
   */
  lookAgain(file: FileIdentity): Promise<FileIdentity>;
  /** Reads here and there in its first `sizeBytes`; a digest of them. Throws `source_unavailable`. */
  tryToRead(file: FileIdentity): Promise<string>;
}

export interface WorkerProgress {
  readonly frames: number;
  readonly fps: number;
  /** Inference saved so far, in frames. */
  readonly saved: number;
  /** What holds it up; absent before that is known. */
  readonly stages?: StageReport | undefined;
  /** By what its segments are made, each from one of them on to the next one's; absent: by that of its order. */
  readonly rungs?: readonly (RungName & { readonly fromSegment: number })[];
  /** What was asked for and cannot be loaded. */
  readonly refused?: readonly (RungName & { readonly reason: Reason })[];
}

/** One running upscale, on whatever machine. */
export interface WorkerRun {
  /** Settles once, also when the worker process is killed (then `failed` with `worker_lost`). */
  readonly ended: Promise<RunEnd>;
  /** Another one of its order's rungs makes the segments from `fromSegment` on, or later ones: its progress tells. */
  setRung(rung: RungName, fromSegment: number): void;
  /** Others make its segments from that one on; when it gets there it is cancelled. */
  endAt?(segment: number): void;
  pause(): void;
  resume(): void;
  /** Ends ffmpegs and threads; `ended` then gives `cancelled`. */
  cancel(): void;
}

export interface Workers extends AsyncDisposable {
  /** The places where runs can work now, taken or not. */
  offers(): readonly Offer[];
  /** Whether a run on the machine of the streams would begin at once: else a process is started for it, which takes a second of a core. */
  isReady(): boolean;
  start(
    order: RunOrder,
    onProgress: (progress: WorkerProgress) => void,
    signal: AbortSignal,
  ): Promise<WorkerRun>;
}
