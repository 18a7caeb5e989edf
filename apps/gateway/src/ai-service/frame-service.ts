import { join } from "node:path";
import { UpreelError, type FrameFormat, type PictureWish } from "@upreel/core";
import type { Models, Pictures, UpscaledPicture } from "@upreel/engine";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";
import { FIRST_MODEL, findModel, type ServiceModel } from "./service-models.ts";

/** Frames for the plugin, which loads a model once and then sends them. */
export interface FrameService {
  /** Which makes frames now; the last one of before a restart. */
  current(): Promise<ServiceModel>;
  /** Downloads it if need be, and makes it the current one. Throws what the model is refused for. */
  load(id: string): Promise<ServiceModel>;
  /**
   * One frame in exactly its size times the model's scale. Waits as long as it takes: `read` is called when it is its
   * turn, so that what waits is not in memory.
   */
  upscale(read: () => Promise<Uint8Array>, wish: FrameWish): Promise<UpscaledPicture>;
  /** On which provider frames of the current model are inferred now; undefined where that model runs on none. */
  provider(): Promise<string | undefined>;
  readonly counts: FrameCounts;
  readonly underWay: number;
}

interface FrameWish {
  readonly format: "png" | "jpeg";
  /** By another model than the current one. */
  readonly model?: ServiceModel;
  /** What is read is no file but pixels. */
  readonly raw?: { readonly width: number; readonly height: number; readonly format: FrameFormat };
  /** In place of the model's scale. */
  readonly size?: PictureWish["size"];
  readonly signal: AbortSignal;
}

interface FrameCounts {
  readonly frames: number;
  readonly failures: number;
  readonly consecutiveFailures: number;
  /** Of all frames, in milliseconds. */
  readonly meanMs: number;
}

/** More would wait in another place. */
const AT_A_TIME = 8;
/** 4:2:0, as the frames came. */
const JPEG_QUALITY = 88;

const keptSchema = z.object({ model: z.string() });

export function createFrameService(parts: {
  readonly models: Models;
  readonly pictures: Pictures;
  readonly dataDir: string;
}): FrameService {
  const { models, pictures } = parts;
  const kept = new JsonFile(join(parts.dataDir, "ai-service.json"), keptSchema, {
    ...{ isDurable: false, makesFolder: true },
  });
  const queue = new PQueue({ concurrency: AT_A_TIME });
  let loaded: ServiceModel | undefined;
  const counted = { frames: 0, failures: 0, consecutiveFailures: 0, sumMs: 0 };

  async function current(): Promise<ServiceModel> {
    if (loaded !== undefined) return loaded;
    const last = (await kept.readOrForget())?.model ?? FIRST_MODEL;
    // One that was deleted meanwhile must not end a job of the night.
    const found = await findModel(models, last).catch(() => findModel(models, FIRST_MODEL));
    return (loaded ??= found);
  }

  async function make(bytes: Uint8Array, wish: FrameWish): Promise<UpscaledPicture> {
    const { by, scale } = wish.model ?? (await current());
    return pictures.frame(
      {
        ...{ model: by, bytes, size: wish.size ?? { scale } },
        input: wish.raw === undefined ? { kind: "file" } : { kind: "raw", ...wish.raw },
        output: { kind: "file", format: wish.format, quality: JPEG_QUALITY },
      },
      wish.signal,
    );
  }

  async function upscale(read: () => Promise<Uint8Array>, wish: FrameWish) {
    try {
      return await queue.add(
        async () => {
          const bytes = await read();
          const fromMs = performance.now();
          const made = await make(bytes, wish);
          counted.sumMs += performance.now() - fromMs;
          counted.frames += 1;
          counted.consecutiveFailures = 0;
          return made;
        },
        { signal: wish.signal },
      );
    } catch (thrown) {
      // That a player has gone says nothing of the service.
      if (!wish.signal.aborted) {
        counted.failures += 1;
        counted.consecutiveFailures += 1;
      }
      throw thrown;
    }
  }

  return {
    current,
    async load(id) {
      const model = await findModel(models, id);
      await download(models, model);
      // A frame of few pixels: the network is loaded, or says why it cannot be.
      await make(Buffer.alloc(256, 128), {
        ...{ format: "png", model, signal: AbortSignal.timeout(LOAD_MS) },
        raw: { width: 16, height: 16, format: "gray" },
      });
      loaded = model;
      await kept.write({ model: id });
      return model;
    },
    upscale,
    async provider() {
      const { by } = await current();
      // Of a model that was deleted meanwhile its next frame says so.
      return pictures.providerOf(by).catch(() => undefined);
    },
    get counts() {
      const { sumMs, ...counts } = counted;
      return { ...counts, meanMs: counts.frames === 0 ? 0 : sumMs / counts.frames };
    },
    get underWay() {
      return queue.size + queue.pending;
    },
  };
}

/** Less than the plugin waits. */
const LOAD_MS = 110_000;

/** A public model that is not here yet. Throws `download_failed`. */
export async function download(models: Models, { by, id }: ServiceModel): Promise<void> {
  if (by !== id) return;
  const { state } = await models.download(id);
  if (state !== "available") return;
  const done = await models.downloads.whenDone(id);
  const entry = await models.get(id);
  if (entry.state === "ready") return;
  throw new UpreelError("download_failed", `The model ${id} could not be downloaded`, {
    got: done?.reason?.message ?? entry.reason?.message ?? "no reason given",
  });
}
