import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf, isAlive } from "./processes.ts";

const PERIOD_MS = 100;

/** Lets the worker processes below `pid` run for `share` of the time only, as a machine that others use. */
export function throttleWorkers(pid: number, share: number): AsyncDisposable {
  const ending = new AbortController();
  const throttling = (async () => {
    while (!ending.signal.aborted) {
      const workers = (await childrenOf(pid)).filter(({ command }) => command.includes("worker"));
      const stopped = workers.map((worker) => worker.pid).filter(isAlive);
      for (const each of stopped) send(each, "SIGSTOP");
      await sleep(PERIOD_MS * (1 - share));
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
