import { toUpreelError, type Log } from "@upreel/core";
import PQueue from "p-queue";

const MOVES_AT_A_TIME = 2;

export interface WorkBehindParts {
  readonly log: Log;
  /** Settles when nobody waits for an answer, so that the folders of new streams can be made. Default: at once. */
  readonly whenAnswered?: () => Promise<void>;
}

/** Work in the folder of a stream that nobody waits for. `what` is said in the log if it fails. */
export type WorkBehind = (what: string, stream: string, work: () => Promise<void>) => void;

/** Does work in the folders of streams when all other work is done, a few pieces at a time. */
export function workBehind({ log, whenAnswered }: WorkBehindParts): WorkBehind {
  const queue = new PQueue({ concurrency: MOVES_AT_A_TIME });
  return (what, stream, work) => {
    const done = queue.add(async () => {
      await whenAnswered?.();
      await work();
    });
    done.catch((error: unknown) => log.warn(what, { stream, error: toUpreelError(error).message }));
  };
}
