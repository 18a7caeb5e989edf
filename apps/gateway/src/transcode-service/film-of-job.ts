import {
  isActive,
  asProbed,
  segmentAt,
  segmentFrames,
  UpreelError,
  type StreamFolder,
  type StreamRecords,
  type Timeline,
} from "@upreel/core";
import { triggerFilm, type FilmDependencies } from "@upreel/engine";
import type { Streams } from "@upreel/streams";
import { changesOf } from "../waiting/in-stream.ts";
import { until } from "../waiting/until.ts";
import type { TranscodeOrder } from "./transcode-order.ts";

/** The part of a stream that a job is about. */
export interface JobFilm {
  readonly streamId: string;
  readonly timeline: Timeline;
  readonly folder: StreamFolder;
  /** Segments [from, to) of the stream are those of the job; `to` may fall where the film turns out to be shorter. */
  readonly from: number;
  readonly to: number;
  /** All before this one are there. */
  readonly next: number;
  readonly isWhole: boolean;
}

export interface FilmParts extends Omit<FilmDependencies, "streams"> {
  readonly streams: Streams;
  readonly records: StreamRecords;
  readonly jobStreams: JobStreams;
}

/** Who is waiting is told so often: viewers that say nothing are forgotten. */
const ASK_EVERY_MS = 3_000;
/** A part that ends exactly at a border between segments does not reach into the next one. */
const BORDER_SECONDS = 1e-3;

/**
 * Has the film of a job made, as somebody who watches it from `fromSeconds` on, and tells how far it is. Rejects with
 * what is wrong with it, or with the reason of `signal`. Nobody else's stream is stopped by its end.
 */
export async function makeFilmOf(
  order: TranscodeOrder,
  path: string,
  parts: FilmParts,
  onFilm: (film: JobFilm) => void,
  signal: AbortSignal,
): Promise<void> {
  const { streams, records } = parts;
  const { title, wish, fromSeconds } = order;
  const { id, status } = await triggerFilm(parts, { path, title, wish, fromSeconds });
  parts.jobStreams.begin(id, status === "started" || status === "queued");
  const viewer = `job ${order.jobId}`;
  let film: JobFilm | undefined;
  const ask = (): void => {
    if (film !== undefined && streams.has(id)) streams.noteAsked(id, film.next, viewer);
  };
  const asking = setInterval(ask, ASK_EVERY_MS);
  try {
    const folder = await streams.folder(id);
    const { timeline } = await waitFor(parts, id, async () => asProbed(await records.read(id)), {
      ...{ folder, signal },
    });
    film = openFilm(order, { streamId: id, timeline, folder });
    onFilm(film);
    while (!film.isWhole) {
      ask();
      film = await waitFor(parts, id, async () => goOn(streams, film), { folder, signal });
      onFilm(film);
    }
  } finally {
    clearInterval(asking);
    await leave(parts, id, viewer);
  }
}

function openFilm(
  { fromSeconds, durationSeconds }: TranscodeOrder,
  { streamId, timeline, folder }: Pick<JobFilm, "streamId" | "timeline" | "folder">,
): JobFilm {
  const last = durationSeconds === undefined ? Infinity : fromSeconds + durationSeconds;
  const from = segmentAt(timeline, fromSeconds);
  const to = segmentAt(timeline, Math.max(fromSeconds, last - BORDER_SECONDS)) + 1;
  return { ...{ streamId, timeline, folder, from, to }, next: from, isWhole: false };
}

/** The film with what was made since; undefined: nothing. */
function goOn(streams: Streams, film: JobFilm | undefined): JobFilm | undefined {
  if (film === undefined) return undefined;
  const { segmentsTotal = film.to } = streams.status(film.streamId);
  const to = Math.min(film.to, segmentsTotal);
  let next = film.next;
  while (next < to && film.folder.ready.has(next)) next += 1;
  const isWhole = next >= to;
  return next === film.next && !isWhole ? undefined : { ...film, to, next, isWhole };
}

/** What `look` gives, as soon as it gives something. Throws the stream's own reason when it ends without. */
async function waitFor<T>(
  { streams, records }: FilmParts,
  id: string,
  look: () => Promise<T | undefined>,
  { folder, signal }: { readonly folder: StreamFolder; readonly signal: AbortSignal },
): Promise<T> {
  const found = await until(
    async () => {
      // Before the look: what it lacks then may come with the end of the stream.
      const { state, reason } = streams.status(id);
      const it = await look();
      if (it !== undefined || isActive(state) || state === "idle") return it;
      throw new UpreelError(
        reason?.code ?? "cancelled",
        reason?.message ?? `the film is ${state}`,
        {
          ...{ expected: reason?.expected, got: reason?.got },
        },
      );
    },
    { changes: changesOf({ streams, records }, id, folder), signal },
  );
  if (found !== undefined) return found;
  throw new UpreelError("timeout", "the film did not arrive");
}

/** The streams that jobs began, and how many jobs each is for. */
export interface JobStreams {
  begin(id: string, isNew: boolean): void;
  /** Whether nobody but jobs wanted it, and this was the last of them. */
  end(id: string): boolean;
}

export function countJobStreams(): JobStreams {
  const counted = new Map<string, { jobs: number; readonly isOwn: boolean }>();
  return {
    begin(id, isNew) {
      const { jobs = 0, isOwn = isNew } = counted.get(id) ?? {};
      counted.set(id, { jobs: jobs + 1, isOwn });
    },
    end(id) {
      const { jobs = 1, isOwn = false } = counted.get(id) ?? {};
      if (jobs > 1) counted.set(id, { jobs: jobs - 1, isOwn });
      else counted.delete(id);
      return jobs === 1 && isOwn;
    },
  };
}

/** What jobs alone wanted is made no further; a film that was being made before, or that others watch, goes on. */
async function leave(
  { streams, jobStreams }: FilmParts,
  id: string,
  viewer: string,
): Promise<void> {
  const isLast = jobStreams.end(id);
  if (!streams.has(id)) return;
  streams.viewerLeft(id, viewer);
  const { viewers, state } = streams.status(id);
  if (isLast && viewers === 0 && isActive(state)) await streams.cancel(id);
}

/** Frames in segments [from, to). */
export const framesIn = (timeline: Timeline, from: number, to: number): number =>
  to <= from ? 0 : segmentFrames(timeline, to - 1).end - segmentFrames(timeline, from).first;
