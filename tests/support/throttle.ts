import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "./processes.ts";

const PERIOD_MS = 100;

/** Lets the worker processes below `pid` run for `share` of the time only, as a machine that others use. */
export function throttleWorkers(pid: number, share: number): AsyncDisposable {
  const ending = new AbortController();
  const throttling = (async () => {
    let workers: readonly number[] = [];
    while (!ending.signal.aborted) {
      for (const each of workers) send(each, "SIGSTOP");
      const stopped = workers;
      // While they stand: to list them takes longer than they are let run.
      const listed = childrenOf(pid);
      await sleep(PERIOD_MS * (1 - share));
      const rows = (await listed).filter(({ command }) => command.includes("worker/src/main"));
      workers = rows.map((row) => row.pid);
      for (const each of stopped) send(each, "SIGCONT");
      await sleep(PERIOD_MS * share);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await throttling;
    },
  };
}

/** It may have ended since it was listed. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
