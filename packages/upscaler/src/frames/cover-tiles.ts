import type { TileGrid } from "./changed-tiles.ts";

/** Tiles [left, right) × [top, bottom). */
export interface TileBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Cover {
  readonly boxes: readonly TileBox[];
  readonly cost: number;
}

/**
 * Two parts that cost no less than the whole may still come cheaper when they are cut themselves: so
 * many cuts in a row are tried, more where little has changed. Without a bound noise takes long, for
 * nothing (3 ms for 1080p instead of 0.2).
 */
const VAIN_CUTS = { sparse: 6, dense: 2 } as const;
const SPARSE = 0.3;

type CostOf = (box: TileBox) => number;

/**
 * Boxes that hold all changed tiles and cost little: the box around all of them is cut in two where
 * that is cheapest, and so are its parts, for as long as two parts cost less than one.
 */
export function coverTiles(grid: TileGrid, costOf: CostOf): Cover {
  const all = { left: 0, top: 0, right: grid.columns, bottom: grid.rows };
  const box = boundsOf(profileOf(grid, all));
  return box === undefined ? { boxes: [], cost: 0 } : coverBox(grid, box, costOf, 0);
}

function coverBox(grid: TileGrid, box: TileBox, costOf: CostOf, vainCuts: number): Cover {
  const whole = { boxes: [box], cost: costOf(box) };
  const { columns, rows, count } = profileOf(grid, box);
  const area = (box.right - box.left) * (box.bottom - box.top);
  const most = count < SPARSE * area ? VAIN_CUTS.sparse : VAIN_CUTS.dense;
  const cut = cheaper(bestCut(columns, toColumns, costOf), bestCut(rows, toRows, costOf));
  if (cut === undefined) return whole;
  const vain = cut.cost < whole.cost ? 0 : vainCuts + 1;
  if (vain > most) return whole;
  const [first, second] = [cut.first, cut.second].map((part) =>
    coverBox(grid, part, costOf, vain),
  ) as [Cover, Cover];
  const cost = first.cost + second.cost;
  return cost < whole.cost ? { boxes: [...first.boxes, ...second.boxes], cost } : whole;
}

/** Columns or rows of tiles beside each other. */
interface Lines {
  readonly from: number;
  /** Of each, the first changed tile and the one after the last; `end` is 0 where there is none. */
  readonly start: Int32Array;
  readonly end: Int32Array;
}

interface Profile {
  /** Changed tiles. */
  readonly count: number;
  readonly columns: Lines;
  readonly rows: Lines;
}

const NOWHERE = 2 ** 30;
const emptyLines = (from: number, to: number): Lines => ({
  from,
  start: new Int32Array(to - from).fill(NOWHERE),
  end: new Int32Array(to - from),
});

function profileOf({ columns: stride, changed }: TileGrid, box: TileBox): Profile {
  const columns = emptyLines(box.left, box.right);
  const rows = emptyLines(box.top, box.bottom);
  let count = 0;
  for (let y = box.top; y < box.bottom; y++) {
    const row = y - box.top;
    for (let x = box.left; x < box.right; x++) {
      if (changed[y * stride + x] === 0) continue;
      count++;
      const column = x - box.left;
      if (rows.end[row] === 0) rows.start[row] = x;
      rows.end[row] = x + 1;
      if (columns.end[column] === 0) columns.start[column] = y;
      columns.end[column] = y + 1;
    }
  }
  return { count, columns, rows };
}

function boundsOf({ columns, rows }: Profile): TileBox | undefined {
  const right = Math.max(...rows.end);
  if (right === 0) return undefined;
  return {
    ...{ left: Math.min(...rows.start), right },
    ...{ top: Math.min(...columns.start), bottom: Math.max(...columns.end) },
  };
}

/** Lines [from, to), of which tiles [start, end) hold all that changed. */
type ToBox = (from: number, to: number, start: number, end: number) => TileBox;
const toColumns: ToBox = (left, right, top, bottom) => ({ left, top, right, bottom });
const toRows: ToBox = (top, bottom, left, right) => ({ left, top, right, bottom });

interface Cut {
  readonly first: TileBox;
  readonly second: TileBox;
  readonly cost: number;
}

const cheaper = (a: Cut | undefined, b: Cut | undefined): Cut | undefined =>
  a === undefined || (b !== undefined && b.cost < a.cost) ? b : a;

/** The cut between two lines whose parts, each as tight as can be, cost least. */
function bestCut({ from, start, end }: Lines, toBox: ToBox, costOf: CostOf): Cut | undefined {
  const count = start.length;
  /** Of each cut, the part behind it. */
  const behind: (TileBox | undefined)[] = [];
  let [low, high, far] = [NOWHERE, 0, 0];
  for (let line = count - 1; line > 0; line--) {
    if ((end[line] as number) > 0) {
      low = Math.min(low, start[line] as number);
      high = Math.max(high, end[line] as number);
      if (far === 0) far = line + 1;
      behind[line] = toBox(from + line, from + far, low, high);
    } else behind[line] = behind[line + 1];
  }
  let best: Cut | undefined;
  [low, high] = [NOWHERE, 0];
  for (let line = 0; line < count - 1; line++) {
    if (end[line] === 0) continue;
    low = Math.min(low, start[line] as number);
    high = Math.max(high, end[line] as number);
    const first = toBox(from, from + line + 1, low, high);
    const second = behind[line + 1];
    if (second === undefined) break;
    const cost = costOf(first) + costOf(second);
    if (best === undefined || cost < best.cost) best = { first, second, cost };
  }
  return best;
}
