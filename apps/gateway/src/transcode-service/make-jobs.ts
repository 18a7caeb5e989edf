import { UpreelError, type Log } from "@upreel/core";
import PQueue from "p-queue";
import type { Config } from "../config.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import type { TimedClock } from "../waiting/timed-clock.ts";
import type { BeamedFiles } from "./beamed-files.ts";
import { countJobStreams, makeFilmOf, type FilmParts } from "./film-of-job.ts";
import { errorText, isOver, type TranscodeJob } from "./transcode-job.ts";

export interface JobMakerParts extends Omit<FilmParts, "config" | "jobStreams"> {
  readonly config: Config;
  readonly beamed: BeamedFiles;
  readonly log: Log;
  readonly clock: TimedClock;
  readonly nowSeconds: () => number;
}

/** Has jobs made, those of the highest priority first, a few at a time. */
export interface JobMaker {
  /** Settles when it is over; its state tells how. One whose `ending` aborts while it waits is not begun. */
  make(job: TranscodeJob): Promise<void>;
  /** The job is over, unless it was before. */
  end(job: TranscodeJob, status: "completed" | "failed" | "cancelled", error?: string): void;
  /** An upload, and the films that were made of it: nobody can play those by another name. */
  dropUpload(name: string): Promise<void>;
  readonly waiting: number;
  readonly running: number;
  untilIdle(): Promise<void>;
}

export function createJobMaker(parts: JobMakerParts): JobMaker {
  const { config, streams, beamed, log, clock, nowSeconds } = parts;
  /** Streams of uploads, by the upload's name. */
  const made = new Map<string, Set<string>>();
  // One more than are made at a time: the next film is planned meanwhile.
  const queue = new PQueue({ concurrency: config.maxStreams + 1 });
  const filmParts: FilmParts = { ...parts, jobStreams: countJobStreams() };

  async function begin(job: TranscodeJob): Promise<void> {
    const { order, ending } = job;
    const { input, timeoutMs } = order;
    change(job, { status: "running", startedAt: nowSeconds() });
    const tooLong = new UpreelError("timeout", `the job took longer than ${timeoutMs / 1_000} s`);
    const callOff = clock.after(timeoutMs, () => ending.abort(tooLong));
    const isFile = input.kind === "file";
    const path = isFile ? pathHere(config, input.path) : beamed.pathOf(input.name);
    const roots = isFile ? parts.roots : [beamed.folder];
    const onFilm = (film: NonNullable<TranscodeJob["film"]>): void => {
      job.film = film;
      if (!isFile) made.set(input.name, (made.get(input.name) ?? new Set()).add(film.streamId));
      tell(job);
    };
    await makeFilmOf(order, path, { ...filmParts, roots }, onFilm, ending.signal).finally(callOff);
  }

  const maker: JobMaker = {
    async make(job) {
      const { priority, jobId } = job.order;
      change(job, { status: "queued" });
      try {
        await queue.add(() => begin(job), { priority, signal: job.ending.signal });
        maker.end(job, "completed");
      } catch (thrown) {
        if (!isOver(job)) log.warn(`Job ${jobId} failed`, { error: thrown });
        maker.end(job, "failed", errorText(thrown));
      }
    },
    end(job, status, error) {
      if (isOver(job)) return;
      const startedAt = "startedAt" in job.state ? job.state.startedAt : undefined;
      job.lookedAtMs = clock.nowMs();
      change(job, { status, startedAt, completedAt: nowSeconds(), error });
    },
    async dropUpload(name) {
      for (const id of made.get(name) ?? []) if (streams.has(id)) await streams.remove(id);
      made.delete(name);
      await beamed.drop(name);
    },
    get waiting() {
      return queue.size;
    },
    get running() {
      return queue.pending;
    },
    untilIdle: () => queue.onIdle(),
  };
  return maker;
}

function tell({ listeners }: TranscodeJob): void {
  for (const listener of listeners) listener();
}

function change(job: TranscodeJob, state: TranscodeJob["state"]): void {
  job.state = state;
  tell(job);
}
