import { blendFace } from "./blend-face.ts";
import { colourMatrix } from "./colour-matrix.ts";
import { cutFace } from "./cut-face.ts";
import type { FaceDetector } from "./face-detector.ts";
import type { FaceRestorer } from "./face-restorer.ts";
import { createGlance, followMotion, glanceAt, isCut, type Plane } from "./follow-motion.ts";
import type { FrameForm } from "./frame-form.ts";
import { fitSimilarity, invert, scaleOf, templateOf } from "./similarity.ts";
import { ageTracks, beginTracks, matchTracks, moveTrack, type Track } from "./tracks.ts";

export interface FaceNetworks {
  readonly detector: FaceDetector;
  readonly restorer: FaceRestorer;
}

/** Restores the faces of frames that follow each other, in place. */
export interface FaceFrames {
  /** `strength`: 0 to 1. How many faces were restored. */
  restore(frame: Uint8Array, strength: number, isStopped?: () => boolean): Promise<number>;
  /** The next frame is not the one after this. */
  forget(): void;
}

/** Faces are looked for in each n-th frame, and followed between. */
const DETECT_EVERY = 3;
/** A face that is larger than so many of the restorer's squares has more detail than that gives. */
const LARGEST = 1.5;
/** Of a smaller one nothing is known: the restorer would make up somebody. */
const SMALLEST_PIXELS = 48;
const NO_TRACKS = { moved: [], lost: new Set<Track>() } as const;

export function createFaceFrames(form: FrameForm, networks: FaceNetworks): FaceFrames {
  const { detector, restorer } = networks;
  const matrix = colourMatrix(form);
  const { size } = restorer;
  const template = templateOf(size);
  const face = new Float32Array(3 * size * size);
  const luma = form.width * form.height;
  const before = new Uint8Array(luma);
  let [glance, glanceBefore] = [createGlance(), createGlance()];
  let tracks: readonly Track[] = [];
  /** Frames since a detection; undefined: there is no frame before. */
  let sinceDetection: number | undefined;

  const planeOf = (values: Uint8Array): Plane => ({
    values: values.subarray(0, luma),
    width: form.width,
    height: form.height,
  });

  /** Where they are now; what is `lost` is not there any more, as far as can be seen. */
  function follow(now: Plane) {
    const lost = new Set<Track>();
    const moved = tracks.map((track) => {
      const by = followMotion(planeOf(before), now, track.box);
      if (by !== undefined) return moveTrack(track, by);
      lost.add(track);
      return track;
    });
    return { moved, lost };
  }

  async function findTracks(frame: Uint8Array): Promise<void> {
    const now = planeOf(frame);
    glanceAt(now, glance);
    const isNew = sinceDetection === undefined || isCut(glanceBefore, glance);
    [glance, glanceBefore] = [glanceBefore, glance];
    const { moved, lost } = isNew ? NO_TRACKS : follow(now);
    const isDue = sinceDetection === undefined || sinceDetection + 1 >= DETECT_EVERY;
    if (isNew || isDue || lost.size > 0) {
      const found = await detector.detect(frame, form, matrix);
      // What is neither seen nor found is not held: it would become a face that is not there.
      const matched = matchTracks(moved, found).filter((track) => !lost.has(track));
      tracks = isNew ? beginTracks(found) : matched;
      sinceDetection = 0;
    } else {
      tracks = moved;
      sinceDetection = (sinceDetection ?? 0) + 1;
    }
    tracks = ageTracks(tracks);
    if (tracks.length > 0) before.set(now.values);
  }

  /** Whether it was restored. */
  async function restoreTrack(frame: Uint8Array, track: Track, strength: number): Promise<boolean> {
    const toFace = fitSimilarity(track.points, template);
    if (toFace === undefined) return false;
    const pixels = size / scaleOf(toFace);
    if (pixels > LARGEST * size || pixels < SMALLEST_PIXELS) return false;
    const toFrame = invert(toFace);
    cutFace(frame, form, matrix, toFrame, { width: size, height: size }, face);
    const after = await restorer.restore(face);
    const change = { size, before: face, after, toFace, toFrame };
    blendFace(frame, form, matrix, { ...change, strength: strength * track.presence });
    return true;
  }

  return {
    async restore(frame, strength, isStopped = () => false) {
      await findTracks(frame);
      let restored = 0;
      for (const track of tracks) {
        if (isStopped()) break;
        if (await restoreTrack(frame, track, strength)) restored++;
      }
      return restored;
    },
    forget() {
      tracks = [];
      sinceDetection = undefined;
    },
  };
}
