/** Two taps within this time are one double tap. */
const DOUBLE_MS = 280;
/** Of the width, at each side: where a double tap jumps. */
const SIDE = 0.35;

export interface TapActions {
  /** One tap: the controls come or go. */
  readonly onTap: () => void;
  /** Two taps at a side: -1 at the left, 1 at the right. */
  readonly onJump: (direction: -1 | 1) => void;
  /** Two taps in the middle. */
  readonly onMiddle: () => void;
}

/** What a tap means, `at` that share of the width; as players on phones have it. */
export function createTaps(actions: TapActions): (at: number, atMs: number) => void {
  let lastMs = -Infinity;
  return (at, atMs) => {
    const isDouble = atMs - lastMs < DOUBLE_MS;
    lastMs = atMs;
    // The first of two showed the controls: nothing that needs to be taken back.
    if (!isDouble) return actions.onTap();
    if (at < SIDE) actions.onJump(-1);
    else if (at > 1 - SIDE) actions.onJump(1);
    else actions.onMiddle();
  };
}
