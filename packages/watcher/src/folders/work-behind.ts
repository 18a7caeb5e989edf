import { toUpreelError, type Log } from "@upreel/core";
import PQueue from "p-queue";

const MOVES_AT_A_TIME = 2;

export interface WorkBehindParts {
  readonly log: Log;
  /** The folders of new streams are made when nobody waits for an answer; by default at once. */
  readonly whenAnswered?: () => Promise<void>;
}

/** Work in the folder of a stream that nobody waits for. `what` is said where it fails. */
export type WorkBehind = (what: string, stream: string, work: () => Promise<void>) => void;

/** What is done in the folders of streams behind all that goes on, a few at a time. */
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
