/** Lets so many tasks run at a time; the others wait in order. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

export function createGate(atATime: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= atATime) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // Its place goes to the next one, or is given up.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
