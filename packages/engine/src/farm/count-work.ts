/** Measuring waits until nothing runs, and gives way to what does. */
export function countWork() {
  let count = 0;
  let busy = new AbortController();
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  return {
    isSome: (): boolean => count > 0,
    untilNone: () => idle.promise,
    untilSome: () => ({ signal: busy.signal, [Symbol.dispose]: () => undefined }),
    async during<Run extends { readonly ended: Promise<unknown> }>(starting: Promise<Run>) {
      count += 1;
      if (count === 1) {
        busy.abort();
        idle = Promise.withResolvers<void>();
      }
      const over = (): void => {
        count -= 1;
        if (count > 0) return;
        busy = new AbortController();
        idle.resolve();
      };
      const run = await starting.catch((thrown: unknown) => {
        over();
        throw thrown;
      });
      void run.ended.then(over, over);
      return run;
    },
  };
}
