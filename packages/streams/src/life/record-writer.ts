import { toUpreelError, type Log, type StreamFolder } from "@upreel/core";
import type { Effect } from "./effects.ts";
import type { Answer } from "./events.ts";
import type { State } from "./state.ts";

export interface RecordWriterParts {
  readonly folder: StreamFolder;
  readonly log: Log;
  readonly now: () => State;
  readonly send: (answer: Answer) => void;
}

/** Brings the record of a stream to the disk, always as it is when its turn comes. */
export function createRecordWriter({ folder, log, now, send }: RecordWriterParts) {
  /** Each waits for the one before. */
  let commits: Promise<void> = Promise.resolve();

  async function commitNow({ life, what, discardFrom, setsTimeline }: Commit): Promise<void> {
    try {
      if (discardFrom !== undefined) await folder.discardFrom(discardFrom);
      const { record } = now();
      await folder.save(record);
      const { timeline } = record;
      if (setsTimeline === true && timeline !== undefined) await folder.setTimeline(timeline);
    } catch (thrown) {
      return send({ kind: "failed", life, error: toUpreelError(thrown) });
    }
    send({ kind: "committed", life, what });
  }

  return {
    async save(answer: Answer | undefined): Promise<void> {
      const { record } = now();
      try {
        await folder.save(record);
      } catch (error) {
        log.error(`The state of ${record.title} could not be saved`, { error });
      }
      if (answer !== undefined) send(answer);
    },
    commit(order: Commit): Promise<void> {
      const done = commits.then(() => commitNow(order));
      commits = done.catch(() => undefined);
      return done;
    },
  };
}

type Commit = Extract<Effect, { kind: "commit" }>;
