import { frameSeconds, toUpreelError } from "@upreel/core";
import type { StreamView } from "@upreel/core";
import { framesIn, type JobFilm } from "./film-of-job.ts";
import type { TranscodeOrder } from "./transcode-order.ts";

/** What becomes of a job; times as seconds since 1970. `pending`: its bytes are still to come. */
type JobState =
  | { readonly status: "pending" | "queued" }
  | { readonly status: "running"; readonly startedAt: number }
  | {
      readonly status: "completed" | "failed" | "cancelled";
      readonly startedAt: number | undefined;
      readonly completedAt: number;
      readonly error: string | undefined;
    };

/** One job, as the routes know it. */
export interface TranscodeJob {
  readonly order: TranscodeOrder;
  state: JobState;
  /** Known once its film is planned. */
  film: JobFilm | undefined;
  /** Milliseconds of the clock that never jumps: when somebody asked about it last, or it ended. */
  lookedAtMs: number;
  readonly ending: AbortController;
  /** Told of each change. */
  readonly listeners: Set<() => void>;
}

/** As callers of the older contract read it. */
export interface JobAnswer {
  readonly job_id: string;
  readonly status: JobState["status"];
  /** 0 to 100. */
  readonly progress: number;
  readonly fps: number;
  readonly speed: number;
  readonly frame: number;
  readonly out_time_ms: number;
  /** Number of the segment that is made next; null where none is. */
  readonly current_segment: number | null;
  readonly eta_seconds: number | null;
  readonly error: string | null;
  readonly started_at: number | null;
  readonly completed_at: number | null;
}

export const isOver = ({ state }: Pick<TranscodeJob, "state">): boolean => "completedAt" in state;

/** What is told of a job; `view`: of its stream, where that is there. */
export function answerOf(
  { order, state, film }: Pick<TranscodeJob, "order" | "state" | "film">,
  view: Pick<StreamView, "fps" | "speed"> | undefined,
): JobAnswer {
  const isRunning = state.status === "running";
  const { fps, speed } = isRunning && view !== undefined ? view : { fps: 0, speed: 0 };
  const made = film === undefined ? 0 : framesIn(film.timeline, film.from, film.next);
  const total = film === undefined ? 0 : framesIn(film.timeline, film.from, film.to);
  const seconds = (frames: number): number =>
    film === undefined ? 0 : frameSeconds(film.timeline, frames);
  const share = total === 0 ? 0 : made / total;
  return {
    ...{ job_id: order.jobId, status: state.status },
    progress: state.status === "completed" ? 100 : Math.floor(1_000 * share) / 10,
    ...{ fps: rounded(fps), speed: rounded(speed) },
    ...{ frame: made, out_time_ms: Math.round(1_000 * seconds(made)) },
    current_segment: film === undefined || film.isWhole ? null : film.next - film.from,
    eta_seconds: film === undefined || speed <= 0 ? null : rounded(seconds(total - made) / speed),
    error: ("error" in state ? state.error : undefined) ?? null,
    started_at: ("startedAt" in state ? state.startedAt : undefined) ?? null,
    completed_at: "completedAt" in state ? state.completedAt : null,
  };
}

const rounded = (figure: number): number => Math.round(10 * figure) / 10;

/** In words for whoever gave the job. */
export function errorText(thrown: unknown): string {
  const { code, message, expected } = toUpreelError(thrown);
  if (code === "internal") return "internal error; Upreel's log says more";
  return expected === undefined ? message : `${message}; expected ${expected}`;
}
