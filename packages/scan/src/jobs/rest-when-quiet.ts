/** Ends plugins that have had nothing to do for a while. */
export interface Rest {
  /** Something was done: from now on they may rest. */
  soon(): void;
  /** There is something to do. */
  callOff(): void;
}

export function createRest(
  end: () => Promise<void>,
  {
    restMs,
    isQuiet,
    warn,
  }: {
    readonly restMs: number;
    readonly isQuiet: () => boolean;
    readonly warn: (thrown: unknown) => void;
  },
): Rest {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon() {
      clearTimeout(timer);
      if (!isQuiet()) return;
      timer = setTimeout(() => {
        if (isQuiet()) end().catch(warn);
      }, restMs).unref();
    },
    callOff: () => clearTimeout(timer),
  };
}
