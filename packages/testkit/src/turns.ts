/** How much was done between two turns of the event loop, at most, and altogether. */
export interface Turns {
  readonly most: number;
  readonly all: number;
}

/**
 * Counts what `work` does in each turn of the event loop: it says so by `note`. No clock has a part in it,
 * so that a machine that is slow, busy or away for a while changes nothing.
 */
export async function turnsDuring(
  work: (note: (amount?: number) => void) => Promise<unknown>,
): Promise<Turns> {
  let [inTurn, most, all, isOver] = [0, 0, 0, false];
  const turn = (): void => {
    inTurn = 0;
    if (!isOver) setImmediate(turn);
  };
  turn();
  try {
    await work((amount = 1) => {
      inTurn += amount;
      all += amount;
      most = Math.max(most, inTurn);
    });
  } finally {
    isOver = true;
  }
  return { most, all };
}
