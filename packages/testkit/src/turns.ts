/** The turns of the event loop while some work went on, in milliseconds of this thread's own processor time. */
export interface Turns {
  readonly count: number;
  readonly longestMs: number;
  readonly wholeMs: number;
}

/**
 * Measures the turns of the event loop while `work` goes on. What other processes take of the processor
 * counts for nothing, so that a busy machine makes no turn longer.
 */
export async function turnsDuring(work: () => Promise<unknown>): Promise<Turns> {
  let [count, longestMs, wholeMs, isOver] = [0, 0, 0, false];
  let before = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    const tookMs = (user + system) / 1_000;
    count += 1;
    longestMs = Math.max(longestMs, tookMs);
    wholeMs += tookMs;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return { count, longestMs, wholeMs };
}
