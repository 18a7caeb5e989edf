import type { StreamStatus } from "@upreel/core";
import { WISHES, type Wish } from "./decide.ts";

/** Films whose place is remembered; the oldest goes first. */
const MOST_PLACES = 100;
/** Nearer to the start or the end than this, a film begins again. */
const EDGE_SECONDS = 15;

/** The best one, the same at fewer bits, as the line allows, or at most so many lines. */
export type Quality = "best" | "lean" | "line" | number;

/**
 * Where a film was left (0: at its end, or begun anew), and when, in milliseconds since 1970. Of earlier days: by the stream
 * that played it, and without a time.
 */
type Place = readonly [film: string, seconds: number, atMs?: number];

/** What this browser remembers of its viewer. */
interface Kept {
  readonly wish: Wish;
  readonly quality: Quality;
  readonly volume: number;
  readonly muted: boolean;
  /** Name of the chosen sound and subtitles; null for the film's own choice, "" for no subtitles. */
  readonly audio: string | null;
  readonly subtitles: string | null;
  /** The last one watched at the end. */
  readonly places: readonly Place[];
}

/** A film, and the stream that plays it. */
type Watched = Pick<StreamStatus, "film" | "id">;

const KEY = "upreel.watch";
const FIRST: Kept = {
  wish: "auto",
  quality: "best",
  volume: 1,
  muted: false,
  audio: null,
  subtitles: null,
  places: [],
};

function read(): Kept {
  try {
    const kept = { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>) };
    return {
      ...kept,
      wish: WISHES.includes(kept.wish) ? kept.wish : FIRST.wish,
      quality: isQuality(kept.quality) ? kept.quality : FIRST.quality,
    };
  } catch {
    return FIRST;
  }
}

const isQuality = (kept: unknown): boolean =>
  ["best", "lean", "line"].includes(String(kept)) || (typeof kept === "number" && kept > 0);

function change(part: Partial<Kept>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), ...part }));
  } catch {
    // A browser that keeps nothing (private windows of some) forgets; that is all.
  }
}

export const preferences = {
  read,
  keepWish: (wish: Wish): void => change({ wish }),
  keepQuality: (quality: Quality): void => change({ quality }),
  keepVolume: (volume: number, muted: boolean): void => change({ volume, muted }),
  keepTracks: (tracks: { readonly audio?: string; readonly subtitles?: string }): void =>
    change(tracks),
  /** Where the viewer was in this film, whichever version that was, and when; 0 for a new one. */
  placeOf({ film, id }: Watched): { readonly seconds: number; readonly atMs: number } {
    const { places } = read();
    const found = places.find(([of]) => of === film) ?? places.find(([of]) => of === id);
    return { seconds: found?.[1] ?? 0, atMs: found?.[2] ?? 0 };
  },
  keepPlace({ film, id }: Watched, seconds: number, durationSeconds: number): void {
    const known = read().places;
    const others = known.filter(([of]) => of !== film && of !== id);
    const isEnd = seconds >= durationSeconds - EDGE_SECONDS;
    const isMiddle = seconds > EDGE_SECONDS && !isEnd;
    // A look at its beginning is no place.
    if (others.length === known.length && !isMiddle && !isEnd) return;
    const place = isMiddle ? Math.round(seconds) : 0;
    // Asked several times a second: little of that is news.
    if (known.some(([of, before]) => of === film && before === place)) return;
    const kept: Place = [film, place, Date.now()];
    change({ places: [...others, kept].slice(-MOST_PLACES) });
  },
};
