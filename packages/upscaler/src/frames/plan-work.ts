import {
  TILE,
  createTileGrid,
  markChangedTiles,
  type PictureSize,
  type TileGrid,
} from "./changed-tiles.ts";
import { coverTiles, type TileBox } from "./cover-tiles.ts";

/** How a network may be run on a part of a picture. */
export interface TileRule {
  /** Pixels around a part that its result depends on; a multiple of `align`. */
  readonly halo: number;
  /** Parts begin and end, halo included, at multiples of this, or at the picture's border. */
  readonly align: number;
}

/** What was found of a network: `none` where only whole pictures can be inferred. */
export type FoundRule = TileRule | "none";

/** Pixels [left, right) × [top, bottom). */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A part of a picture that changed. */
export interface Region {
  /** What the network gets. */
  readonly input: Box;
  /** What of its result is right, in input pixels. */
  readonly valid: Box;
}

/** What has to be inferred for a picture; the rest is that of the picture before. */
export type Work =
  | { readonly kind: "none" }
  | { readonly kind: "whole" }
  | { readonly kind: "regions"; readonly regions: readonly Region[] };

export const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);

/** `box` and what lies `halo` pixels around it, as far as the picture goes. */
export function grow(box: Box, { halo, align }: TileRule, size: PictureSize): Box {
  const down = (at: number): number => Math.floor(at / align) * align;
  const up = (at: number): number => Math.ceil(at / align) * align;
  return {
    left: Math.max(0, down(box.left) - halo),
    top: Math.max(0, down(box.top) - halo),
    right: Math.min(size.width, up(box.right + halo)),
    bottom: Math.min(size.height, up(box.bottom + halo)),
  };
}

/**
 * What a run costs whatever its size, in pixels: 40 µs at up to 28 Mpx a second. Measured: 8×8 pixels
 * take 30–70 µs with the built-in networks.
 */
const RUN_PIXELS = 1_000;
/** Regions must save at least so much, since patching them together costs, too. */
const LEAST_SAVED = 0.05;

/** After so many whole pictures in a row parts are looked for in one of four, eight, at last sixteen: grainy films stay so. */
const VAIN_BEFORE_SKIPPING = 8;
const MOST_SKIPPING = 16;

/** Whether parts are looked for in a picture that comes after `vain` whole ones. */
const isLookedAt = (vain: number): boolean =>
  vain < VAIN_BEFORE_SKIPPING ||
  vain % Math.min(MOST_SKIPPING, 2 ** Math.floor(Math.log2(vain / 2))) === 0;

/** Share of the tiles within `box` that changed, 0 to 1: boxes around them hold no less. */
function shareChanged({ changed }: TileGrid, { left, top, right, bottom }: Box): number {
  let count = 0;
  for (const isChanged of changed) count += isChanged;
  const tiles = (from: number, to: number): number =>
    Math.ceil(to / TILE) - Math.floor(from / TILE);
  return count / (tiles(left, right) * tiles(top, bottom));
}

/** Two pictures that follow each other, as word views. */
export interface PicturePair {
  readonly now: Int32Array;
  readonly before: Int32Array;
  /** What lies between the bars of either; without it they are black, and the same in both. */
  readonly between: Box;
  /** Whether they are the same: that takes longer than looking at a few rows, so it is asked only where those are. */
  readonly isEqual: () => boolean;
}

export interface WorkPlanner {
  plan(pictures: PicturePair): Promise<Work>;
}

/**
 * `findRule` is asked from the first picture on of which a part may be all that has to be inferred, until it knows:
 * a proof takes time, and many films never need it. Without a rule pictures are inferred whole or not at all.
 */
export function createWorkPlanner(
  size: PictureSize,
  findRule: () => Promise<FoundRule | undefined>,
): WorkPlanner {
  const grid: TileGrid = createTileGrid(size);
  const wholeCost = RUN_PIXELS + size.width * size.height;
  let rule: FoundRule | undefined;
  /** Pictures in a row in which nothing between the bars could be saved. */
  let vain = 0;

  async function partsUnder(between: Box): Promise<Parts | undefined> {
    rule ??= await findRule();
    return rule === undefined || rule === "none" ? undefined : partsOf(rule, size, between);
  }

  async function planRegions({
    now,
    before,
    between,
  }: PicturePair): Promise<readonly Region[] | undefined> {
    if (!isLookedAt(vain)) return undefined;
    // Looking for boxes takes longer than all else here, and longest in grain, where there are none.
    if (shareChanged(grid, between) > 1 - LEAST_SAVED) return undefined;
    const parts = await partsUnder(between);
    if (parts === undefined) return undefined;
    const most = (1 - LEAST_SAVED) * Math.min(wholeCost, parts.costOf(between));
    if (coverTiles(grid, parts.costOfTiles).cost > most) return undefined;
    markChangedTiles(grid, size, now, before, "all");
    const { boxes, cost } = coverTiles(grid, parts.costOfTiles);
    return cost > most ? undefined : boxes.map(parts.regionOfTiles);
  }

  /** All between the bars: these are as they were. */
  async function planBetween(between: Box): Promise<Work> {
    if (area(between) > (1 - LEAST_SAVED) * wholeCost) return { kind: "whole" };
    const parts = await partsUnder(between);
    return parts === undefined || parts.costOf(between) > (1 - LEAST_SAVED) * wholeCost
      ? { kind: "whole" }
      : { kind: "regions", regions: [parts.regionOf(between)] };
  }

  return {
    async plan(pictures) {
      grid.changed.fill(0);
      // Grain shows in any row: a sixteenth of the pictures tells that nothing can be saved.
      markChangedTiles(grid, size, pictures.now, pictures.before, "one-in-each-tile");
      if (!grid.changed.includes(1) && pictures.isEqual()) return { kind: "none" };
      const regions = await planRegions(pictures);
      vain = regions === undefined ? vain + 1 : 0;
      return regions === undefined ? planBetween(pictures.between) : { kind: "regions", regions };
    },
  };
}

type Parts = ReturnType<typeof partsOf>;

function partsOf(rule: TileRule, size: PictureSize, between: Box) {
  const within = (at: number, from: number, to: number): number => Math.min(to, Math.max(from, at));
  /** Nothing changed in the bars: what tiles have of them is left out. */
  const pixels = (box: TileBox): Box => ({
    left: within(box.left * TILE, between.left, between.right),
    top: within(box.top * TILE, between.top, between.bottom),
    right: within(box.right * TILE, between.left, between.right),
    bottom: within(box.bottom * TILE, between.top, between.bottom),
  });
  /** What changed changes the result around it, too, and that depends on what lies around it again. */
  const regionOf = (box: Box): Region => {
    const valid = grow(box, rule, size);
    return { valid, input: grow(valid, rule, size) };
  };
  const costOf = (box: Box): number => RUN_PIXELS + area(regionOf(box).input);
  return {
    regionOf,
    costOf,
    regionOfTiles: (box: TileBox): Region => regionOf(pixels(box)),
    costOfTiles: (box: TileBox): number => costOf(pixels(box)),
  };
}
