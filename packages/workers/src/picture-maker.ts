import { fileURLToPath } from "node:url";
import {
  pictureEventSchema,
  UpreelError,
  type MadePicture,
  type PictureCommand,
  type PictureEvent,
  type PictureWish,
  type Rung,
} from "@upreel/core";
import PQueue from "p-queue";
import { createAskedProcess } from "./asked-process.ts";

/** What a picture or frame is made by, and of. */
export interface PictureOrder {
  readonly rung: Rung;
  readonly wish: PictureWish;
  readonly bytes: Uint8Array;
}

/** Makes pictures in one process that stays warm; a picture that ends it costs its own order alone. */
export interface PictureMaker extends AsyncDisposable {
  /**
   * `signal`: nobody wants it any more. Rejects with what the picture is refused for, `worker_lost` where it ends
   * the process twice, or `timeout`.
   */
  make(order: PictureOrder, signal: AbortSignal): Promise<MadePicture>;
}

interface Options {
  /** Of the network, for each picture. */
  readonly threads: number;
  /** The process ends when nobody asked for so long. */
  readonly idleMs: number;
  /** No picture takes longer, unless it hangs. */
  readonly longestMs: number;
  readonly script?: string;
}

const SCRIPT = fileURLToPath(
  new URL("../../../apps/worker/src/upscale-pictures.ts", import.meta.url),
);

export function createPictureMaker(options: Options): PictureMaker {
  const shared = createWarmProcess(options);
  // Another one's picture may have ended the shared process: who was in it is asked again, each alone.
  const alone = createWarmProcess(options);
  const again = new PQueue({ concurrency: 1 });
  return {
    async make(order, signal) {
      try {
        return await shared.make(order, signal);
      } catch (thrown) {
        if (!(thrown instanceof UpreelError) || thrown.code !== "worker_lost") throw thrown;
        return await again.add(() => alone.make(order, signal), { signal });
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([shared[Symbol.asyncDispose](), alone[Symbol.asyncDispose]()]);
    },
  };
}

/** One process, started when it is needed. */
function createWarmProcess({ threads, idleMs, longestMs, script = SCRIPT }: Options): PictureMaker {
  const making = createAskedProcess<PictureCommand, PictureEvent, MadePicture>({
    order: { command: [process.execPath, script, String(threads)], stderr: "tail" },
    schema: pictureEventSchema,
    settle(event, asked) {
      if (event.type === "made") return asked.resolve(event.picture);
      const { code, message, ...details } = event.reason;
      asked.reject(new UpreelError(code, message, details));
    },
    lost: (got) =>
      new UpreelError("worker_lost", "The process that makes pictures is gone", {
        ...{ expected: "a picture", got },
      }),
    idleMs,
  });
  const tooLong = (): UpreelError =>
    new UpreelError("timeout", "the picture took too long", {
      ...{ expected: `at most ${longestMs / 1000} s`, got: "no end" },
    });
  return {
    make: (order, signal) =>
      making.ask((id) => ({ type: "upscale", id, ...order }), { signal, longestMs, tooLong }),
    [Symbol.asyncDispose]: () => making[Symbol.asyncDispose](),
  };
}
