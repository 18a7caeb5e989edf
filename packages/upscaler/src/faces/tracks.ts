import { MOST_FACES, overlapOf, type Box, type FoundFace } from "./read-detections.ts";
import type { Point } from "./similarity.ts";

/** A face over time. */
export interface Track {
  readonly box: Box;
  readonly points: readonly Point[];
  /** How much of it is shown, 0 to 1: it comes and goes over some frames. */
  readonly presence: number;
  /** Frames since a detection found it. */
  readonly unseen: number;
}

/** A face that a detection does not find is held for so many frames, … */
const HELD_FRAMES = 12;
/** … and fades over so many, as a new one comes. */
const FADE_FRAMES = 6;
/** Boxes of one face in frames that follow each other share at least so much. */
const SAME_FACE = 0.3;
/** Landmarks that move by less than this share of the face's width tremble; those that move more are followed at once. */
const TREMBLE = 0.04;
/** How much of a trembling is followed. */
const FOLLOWED = 0.35;

/** After a cut: those that are there are whole at once, since nobody saw the scene without them. */
export const beginTracks = (found: readonly FoundFace[]): readonly Track[] =>
  found.map(({ box, points }) => ({ box, points, presence: 1, unseen: 0 }));

/** Each track with the face that is nearest to where it was; others are new, as long as there is room. */
export function matchTracks(
  tracks: readonly Track[],
  found: readonly FoundFace[],
): readonly Track[] {
  const left = new Set(found);
  const matched = tracks.map((track): Track => {
    let [best, most]: [FoundFace | undefined, number] = [undefined, SAME_FACE];
    for (const face of left) {
      const overlap = overlapOf(track.box, face.box);
      if (overlap >= most) [best, most] = [face, overlap];
    }
    if (best === undefined) return track;
    left.delete(best);
    return { ...track, box: best.box, points: smoothed(track, best), unseen: 0 };
  });
  const fresh = [...left].map(({ box, points }): Track => ({
    box,
    points,
    presence: 0,
    unseen: 0,
  }));
  return [...matched, ...fresh].slice(0, MOST_FACES);
}

/** One frame later. */
export function ageTracks(tracks: readonly Track[]): readonly Track[] {
  return (
    tracks
      .map((track): Track => {
        const isHeld = track.unseen <= HELD_FRAMES;
        const presence = track.presence + (isHeld ? 1 : -1) / FADE_FRAMES;
        return {
          ...track,
          presence: Math.min(1, Math.max(0, presence)),
          unseen: track.unseen + 1,
        };
      })
      // Not 0: six sixths are not quite one.
      .filter(({ presence }) => presence > 0.001)
  );
}

export const moveTrack = (track: Track, { x, y }: Point): Track => ({
  ...track,
  box: { ...track.box, x: track.box.x + x, y: track.box.y + y },
  points: track.points.map((point) => ({ x: point.x + x, y: point.y + y })),
});

function smoothed({ points, box }: Track, found: FoundFace): readonly Point[] {
  const moved = found.points.map(({ x, y }, k) =>
    Math.hypot(x - (points[k]?.x ?? x), y - (points[k]?.y ?? y)),
  );
  const mean = moved.reduce((sum, each) => sum + each, 0) / moved.length;
  const part = Math.min(1, Math.max(FOLLOWED, mean / (TREMBLE * box.width)));
  return found.points.map(({ x, y }, k) => {
    const { x: fromX, y: fromY } = points[k] ?? { x, y };
    return { x: fromX + part * (x - fromX), y: fromY + part * (y - fromY) };
  });
}
