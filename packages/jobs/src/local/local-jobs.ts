import type { JobKind, JobQueue, Jobs } from "@upreel/core";
import { KILLS, MOST_DEATHS } from "../job-reasons.ts";
import { NO_FILE, type JobFile, type KeptJob } from "./job-file.ts";
import { createLocalQueue, type LocalQueue } from "./local-queue.ts";

type AnyLocalQueue = Pick<
  LocalQueue<unknown, unknown, unknown>,
  "kept" | "backlog" | typeof Symbol.asyncDispose
>;

/** Jobs that this process does, and that the next one finds in `file`. */
export const openLocalJobs = async (file: JobFile): Promise<Jobs> =>
  createLocalJobs(file, await file.read());

/** Jobs that this process does; without a `file` they end with it. */
export function createLocalJobs(file: JobFile = NO_FILE, before: readonly KeptJob[] = []): Jobs {
  const leaving = new AbortController();
  const queues = new Map<string, AnyLocalQueue>();
  const found = Map.groupBy(before.map(afterRestart), ({ kind }) => kind);
  const all = (): KeptJob[] => [
    ...[...queues.values()].flatMap((queue) => queue.kept()),
    // Of kinds that are not open (yet).
    ...[...found].flatMap(([name, kept]) => (queues.has(name) ? [] : kept)),
  ];
  const save = (): Promise<void> => file.save(all);
  return {
    open<D, P, R>(kind: JobKind<D, P, R>): JobQueue<D, P, R> {
      const kept = found.get(kind.name) ?? [];
      const queue = createLocalQueue(kind, { kept, save, leaving: leaving.signal });
      queues.set(kind.name, queue);
      return queue;
    },
    async backlog() {
      const open = [...queues].map(async ([name, queue]) => [name, await queue.backlog()] as const);
      return Object.fromEntries(await Promise.all(open));
    },
    async [Symbol.asyncDispose]() {
      leaving.abort(new Error("Upreel ends"));
      await Promise.all([...queues.values()].map((queue) => queue[Symbol.asyncDispose]()));
      await save();
    },
  };
}

/** What ran when the process before this one was killed waits again. */
function afterRestart(kept: KeptJob): KeptJob {
  if (kept.state !== "running") return kept;
  const deaths = kept.deaths + 1;
  return deaths > MOST_DEATHS
    ? { ...kept, deaths, state: "failed", reason: KILLS }
    : { ...kept, deaths, state: "waiting" };
}
