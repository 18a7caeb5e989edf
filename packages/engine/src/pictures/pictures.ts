import {
  UpreelError,
  type MadePicture,
  type PictureSize,
  type PictureWish,
  type Rung,
} from "@upreel/core";
import { createPictureMaker, type PictureMaker } from "@upreel/workers";
import type { FaceModels } from "../faces/face-models.ts";
import PQueue from "p-queue";

/** 8K: its bytes, those of the source and of the file together are about half a gigabyte. */
export const MOST_PICTURE_PIXELS = 7_680 * 4_320;

export interface PictureRequest {
  /** A grade, or the id of a model. */
  readonly model: string;
  readonly input: PictureWish["input"];
  readonly size: PictureSize;
  readonly output: PictureWish["output"];
  readonly bytes: Uint8Array;
  /** How much its faces are restored, 0 to 1; without, they are not. */
  readonly faces?: number | undefined;
}

/** What came out, and by what. */
export interface UpscaledPicture extends MadePicture {
  readonly model: string;
}

/** Single pictures and frames, for whoever sends them in. */
export interface Pictures extends AsyncDisposable {
  /** Pictures that somebody waits for as long as it takes: one at a time. */
  image(request: PictureRequest, signal: AbortSignal): Promise<UpscaledPicture>;
  /** Frames of a sequence: warm processes make them, one a core, never behind a picture. */
  frame(request: PictureRequest, signal: AbortSignal): Promise<UpscaledPicture>;
  /** On which provider this model infers them, or `ffmpeg`. Throws `model_unknown` or `model_unusable`. */
  providerOf(model: string): Promise<string>;
  /** Frames that are being made or wait. */
  readonly framesUnderWay: number;
}

/** A network that everybody names is looked up once in a while: what was measured may change. */
const KNOWN_MS = 10_000;
const IDLE_MS = 120_000;
const LONGEST_MS = 600_000;
/** Of one process: while one is inferred the next is decoded and the one before is encoded. */
const FRAMES_AT_A_TIME = 2;
const MOST_FRAMES = 64;
const MOST_IMAGES = 16;

export function createPictures(parts: {
  readonly rungNamed: (name: string) => Promise<Rung>;
  readonly threads: number;
  readonly nowMs: () => number;
  /** What restores faces here. Throws `model_unknown` with what to do. */
  readonly faces: Pick<FaceModels, "ready">;
}): Pictures {
  const maker = (threads: number): PictureMaker =>
    createPictureMaker({ threads, idleMs: IDLE_MS, longestMs: LONGEST_MS });
  const lanes = {
    image: createLane([maker(parts.threads)], { atATime: 1, mostWaiting: MOST_IMAGES }),
    // A thread for each frame, and none that waits for another.
    frame: createLane(
      Array.from({ length: parts.threads }, () => maker(1)),
      { atATime: FRAMES_AT_A_TIME, mostWaiting: MOST_FRAMES },
    ),
  };
  const known = new Map<string, { readonly rung: Promise<Rung>; readonly untilMs: number }>();

  async function rungNamed(name: string): Promise<Rung> {
    const now = parts.nowMs();
    const found = known.get(name);
    if (found !== undefined && now < found.untilMs) return await found.rung;
    const rung = parts.rungNamed(name);
    // Names come from outside, and only those of models stay.
    known.set(name, { rung, untilMs: now + KNOWN_MS });
    return await rung.catch((thrown: unknown) => {
      known.delete(name);
      throw thrown;
    });
  }

  const make = async (
    lane: Lane,
    { model, bytes, faces: strength, ...wish }: PictureRequest,
    signal: AbortSignal,
  ): Promise<UpscaledPicture> => {
    const rung = await rungNamed(model);
    const faces = strength === undefined ? undefined : await parts.faces.ready();
    const picture = await lane.make(
      {
        ...{ rung, bytes },
        wish: {
          ...{ ...wish, mostPixels: MOST_PICTURE_PIXELS },
          ...(faces !== undefined &&
            strength !== undefined && { faces: { ...faces.work, strength } }),
        },
      },
      signal,
    );
    return { ...picture, model: rung.model.id };
  };

  return {
    image: (request, signal) => make(lanes.image, request, signal),
    frame: (request, signal) => make(lanes.frame, request, signal),
    providerOf: async (model) => (await rungNamed(model)).provider,
    get framesUnderWay() {
      return lanes.frame.underWay();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([lanes.image, lanes.frame].map((lane) => lane[Symbol.asyncDispose]()));
    },
  };
}

interface Lane extends PictureMaker {
  underWay(): number;
}

/** Makers with so many orders at a time each, and so many that wait; the next one starts when those before are busy. */
function createLane(
  makers: readonly PictureMaker[],
  { atATime, mostWaiting }: { readonly atATime: number; readonly mostWaiting: number },
): Lane {
  const queue = new PQueue({ concurrency: makers.length * atATime });
  const busy = makers.map((maker) => ({ maker, orders: 0 }));
  const underWay = (): number => queue.size + queue.pending;
  return {
    underWay,
    async make(order, signal) {
      if (queue.size >= mostWaiting)
        throw new UpreelError("queue_full", "Too many pictures wait already", {
          expected: `at most ${mostWaiting}`,
        });
      return await queue.add(
        async () => {
          const least = busy.reduce((a, b) => (b.orders < a.orders ? b : a));
          least.orders += 1;
          try {
            return await least.maker.make(order, signal);
          } finally {
            least.orders -= 1;
          }
        },
        { signal },
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(makers.map((maker) => maker[Symbol.asyncDispose]()));
    },
  };
}
