import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { FilmSegments, StreamStatus } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call } from "../../api/gateway.ts";

export type FilmSegment = FilmSegments["segments"][number];

/** A prompt for less is gone before it is read. */
const SHORTEST_SECONDS = 3;
/** What ends so close to the film's end ends with it. */
const AT_END_SECONDS = 5;

/** Intro and credits of a film, asked for again when its upscale comes to another state: it may be looked at then. */
export function useFilmSegments(
  id: string,
  status: ReadonlySignal<StreamStatus>,
): ReadonlySignal<readonly FilmSegment[]> {
  const segments = useSignal<readonly FilmSegment[]>([]);
  const { state } = status.value;
  useEffect(() => {
    const closing = new AbortController();
    call<FilmSegments>(`segments/${id}`, { signal: closing.signal }).then(
      (answer) => (segments.value = answer.segments),
      () => {
        // A film without them can be watched, too.
      },
    );
    return () => closing.abort();
  }, [id, state]);
  return segments;
}

/** Where somebody at `position` is, as long as it is worth skipping. */
export function segmentAt(
  segments: readonly FilmSegment[],
  position: number,
): FilmSegment | undefined {
  return segments.find(
    ({ start_seconds: start, end_seconds: end }) =>
      position >= start && position < end - SHORTEST_SECONDS,
  );
}

/** Nothing comes after it. */
export const endsFilm = (segment: FilmSegment, duration: number): boolean =>
  segment.type === "credits" && segment.end_seconds >= duration - AT_END_SECONDS;
