import { expect, it } from "vitest";
import { MOST_FACES, type FoundFace } from "./read-detections.ts";
import { ageTracks, beginTracks, matchTracks, type Track } from "./tracks.ts";
import { templateOf } from "./similarity.ts";

/** A face of 100 pixels with its upper left corner there. */
const faceAt = (x: number, y = 0): FoundFace => ({
  box: { x, y, width: 100, height: 100 },
  points: templateOf(100).map((point) => ({ x: point.x + x, y: point.y + y })),
  score: 1,
});

const nose = (tracks: readonly Track[] = []): number => tracks[0]?.points[2]?.x ?? NaN;
const only = (face: FoundFace, tracks: readonly Track[]): readonly Track[] =>
  matchTracks(tracks, [face]);

it("a face that trembles is held still, one that moves is followed at once", () => {
  const tracks = beginTracks([faceAt(0)]);
  const start = nose(tracks);
  expect(nose(only(faceAt(1), tracks)) - start).toBeCloseTo(0.35, 5);
  expect(nose(only(faceAt(20), tracks)) - start).toBeCloseTo(20, 5);
});

it("detections go to the tracks that are nearest, whatever their order", () => {
  const tracks = beginTracks([faceAt(0), faceAt(300)]);
  const after = matchTracks(tracks, [faceAt(310), faceAt(10)]);
  expect(after.map(({ box }) => box.x)).toEqual([10, 310]);
});

it("a face that is not found is held, and fades when it stays away", () => {
  let tracks = ageTracks(beginTracks([faceAt(0)]));
  const presences: number[] = [];
  while (tracks.length > 0) {
    tracks = ageTracks(matchTracks(tracks, []));
    presences.push(tracks[0]?.presence ?? 0);
  }
  expect(presences.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 1));
  expect(presences).toHaveLength(18);
});

it("a face that flickers is shown in every frame", () => {
  let tracks = beginTracks([faceAt(0)]);
  for (let n = 0; n < 60; n++) {
    tracks = ageTracks(matchTracks(tracks, n % 5 === 0 ? [faceAt(0)] : []));
    expect(tracks.map(({ presence }) => presence)).toEqual([1]);
  }
});

it("of a crowd in which others are found each time no more are restored than of one detection", () => {
  let tracks: readonly Track[] = [];
  for (let n = 0; n < 6; n++) {
    const found = Array.from({ length: MOST_FACES }, (_, k) => faceAt(200 * k, 200 * n));
    tracks = ageTracks(matchTracks(tracks, found));
  }
  expect(tracks).toHaveLength(MOST_FACES);
});

it("a new face comes over some frames, since it would jump; after a cut it is there", () => {
  let tracks = matchTracks([], [faceAt(0)]);
  const presences = Array.from({ length: 7 }, () => {
    tracks = ageTracks(matchTracks(tracks, [faceAt(0)]));
    return tracks[0]?.presence;
  });
  expect(presences.map((each) => Math.round(6 * (each ?? 0)))).toEqual([1, 2, 3, 4, 5, 6, 6]);
  expect(beginTracks([faceAt(0)])[0]?.presence).toBe(1);
});
