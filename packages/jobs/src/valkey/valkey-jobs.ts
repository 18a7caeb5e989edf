import type { JobKind, JobQueue, Jobs, Log } from "@upreel/core";
import { connectTo } from "./connection.ts";
import { createValkeyQueue, type ValkeyQueue } from "./valkey-queue.ts";

export interface ValkeyJobsOptions {
  /** `redis://` or `rediss://`, with the password where one is needed. */
  readonly url: string;
  /** Tells the jobs of one installation from those of others on the same server. */
  readonly installation: string;
  /** BullMQ's own otherwise: half a minute each. */
  readonly times?: { readonly lockMs: number; readonly lookMs: number };
  readonly log: Pick<Log, "debug" | "info" | "warn">;
}

const TIMES = { lockMs: 30_000, lookMs: 30_000 };
/** A server that is away is not waited for when this gateway ends. */
const CLOSE_MS = 3_000;

type AnyValkeyQueue = Pick<
  ValkeyQueue<unknown, unknown, unknown>,
  "backlog" | typeof Symbol.asyncDispose
>;

/** Jobs on a Valkey or Redis server, by BullMQ: any gateway that has the same installation and server does them. */
export function openValkeyJobs({ url, installation, times = TIMES, log }: ValkeyJobsOptions): Jobs {
  const leaving = new AbortController();
  const connections = connectTo(url, log);
  const connection = connections.first;
  const queues = new Map<string, AnyValkeyQueue>();
  // In braces: a cluster keeps the keys of one queue together.
  const prefix = `{upreel-${installation}}`;
  let ended: Promise<void> | undefined;
  async function end(): Promise<void> {
    leaving.abort(new Error("Upreel ends"));
    const all = [...queues.values()];
    const closed = Promise.allSettled(all.map((queue) => queue[Symbol.asyncDispose]()));
    const isThere = connection.status === "ready";
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, isThere ? CLOSE_MS : 0);
    // Jobs that could not be given back are found to be nobody's when their locks run out.
    await Promise.race([closed, late]);
    clearTimeout(timer);
    connections.end();
  }

  return {
    open<D, P, R>(kind: JobKind<D, P, R>): JobQueue<D, P, R> {
      const parts = { connection, prefix, leaving: leaving.signal, ...times, log };
      const queue = createValkeyQueue(kind, parts);
      queues.set(kind.name, queue);
      return queue;
    },
    async backlog() {
      if (connection.status !== "ready") return {};
      const open = [...queues].map(async ([name, queue]) => [name, await queue.backlog()] as const);
      return Object.fromEntries(await Promise.all(open));
    },
    [Symbol.asyncDispose]: () => (ended ??= end()),
  };
}
