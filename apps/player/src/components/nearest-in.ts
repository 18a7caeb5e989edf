/** A box on the screen. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;
export type Direction = keyof typeof DIRECTIONS;

/** Who goes up or down wants what is there, also when it is not quite below: a step aside counts for more. */
const ASIDE = 2;

/** Index of the box that somebody means who stands on `from` and goes that way; -1: there is none. */
export function nearestIn(direction: Direction, from: Box, boxes: readonly Box[]): number {
  const [x, y] = DIRECTIONS[direction];
  let best = -1;
  let least = Infinity;
  for (const [index, box] of boxes.entries()) {
    const along = x !== 0 ? x * (middleX(box) - middleX(from)) : y * (middleY(box) - middleY(from));
    // Nearer edges: a wide box below is not far away because its middle is.
    const gap =
      x === 0
        ? apart(from.left, from.right, box.left, box.right)
        : apart(from.top, from.bottom, box.top, box.bottom);
    const isBeyond =
      x > 0
        ? box.left >= from.right - 1
        : x < 0
          ? box.right <= from.left + 1
          : y > 0
            ? box.top >= from.bottom - 1
            : box.bottom <= from.top + 1;
    const beside = x === 0 ? middleX(box) - middleX(from) : middleY(box) - middleY(from);
    // Of several that lie equally near, the one straight ahead.
    const cost = along + ASIDE * gap + Math.abs(beside) / 100;
    if (!isBeyond || along <= 0 || cost >= least) continue;
    least = cost;
    best = index;
  }
  return best;
}

const middleX = ({ left, right }: Box): number => (left + right) / 2;
const middleY = ({ top, bottom }: Box): number => (top + bottom) / 2;
const apart = (a: number, b: number, c: number, d: number): number => Math.max(0, c - b, a - d);
