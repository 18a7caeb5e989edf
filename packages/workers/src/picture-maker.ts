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
import { startPeer, type Peer } from "@upreel/processes";
import PQueue from "p-queue";

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

/** An order that waits for its answer. */
type Waiting = PromiseWithResolvers<MadePicture>;

interface Process {
  readonly peer: Peer<PictureCommand>;
  readonly waiting: Map<number, Waiting>;
}

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
function createWarmProcess(options: Options): PictureMaker {
  let current: Process | undefined;
  let last = 0;
  let idle: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  function needProcess(): Process {
    if (current?.peer.isAlive === true) return current;
    closing.signal.throwIfAborted();
    current = startProcess(options);
    return current;
  }

  const endWhenIdle = (): void => {
    clearTimeout(idle);
    const quiet = current;
    if (quiet === undefined || quiet.waiting.size > 0) return;
    idle = setTimeout(() => {
      if (quiet.waiting.size === 0) quiet.peer.kill();
    }, options.idleMs);
    idle.unref();
  };

  return {
    async make(order, signal) {
      signal.throwIfAborted();
      clearTimeout(idle);
      const { peer, waiting } = needProcess();
      const id = ++last;
      const answer: Waiting = Promise.withResolvers();
      waiting.set(id, answer);
      const onAbort = (): void => {
        peer.send({ type: "cancel", id });
        answer.reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const hung = setTimeout(() => {
        answer.reject(tooLong(options.longestMs));
        peer.kill();
      }, options.longestMs);
      try {
        peer.send({ type: "upscale", id, ...order });
        return await answer.promise;
      } finally {
        clearTimeout(hung);
        signal.removeEventListener("abort", onAbort);
        waiting.delete(id);
        endWhenIdle();
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new UpreelError("cancelled", "Upreel shuts down"));
      clearTimeout(idle);
      current?.peer.kill();
      await current?.peer.ended;
    },
  };
}

function startProcess({ threads, script = SCRIPT }: Options): Process {
  const waiting = new Map<number, Waiting>();
  const peer = startPeer<PictureCommand, PictureEvent>(
    { command: [process.execPath, script, String(threads)], stderr: "tail" },
    {
      schema: pictureEventSchema,
      onMessage(event) {
        const answer = waiting.get(event.id);
        if (event.type === "made") return answer?.resolve(event.picture);
        const { code, message, ...details } = event.reason;
        answer?.reject(new UpreelError(code, message, details));
      },
    },
  );
  void peer.ended.then(({ how, stderr }) => {
    const lost = new UpreelError("worker_lost", "The process that makes pictures is gone", {
      expected: "a picture",
      got: stderr === "" ? how : `${how}: ${stderr.slice(-500)}`,
    });
    for (const answer of waiting.values()) answer.reject(lost);
  });
  return { peer, waiting };
}

const tooLong = (longestMs: number): UpreelError =>
  new UpreelError("timeout", "the picture took too long", {
    expected: `at most ${longestMs / 1000} s`,
    got: "no end",
  });
