/** The value that white has in a network of float pixels; black is 0, or −1 when `signed` and white 1. */
export type Range = 1 | 255 | "signed";

/** Ranges of what goes into a network and of what comes out. */
export interface Ranges {
  readonly range: Range;
  /** Where it is another one than the input's. */
  readonly outputRange?: Range | undefined;
}

/** What a file does not say and a proof run finds out. */
export interface ModelFacts extends SizeRule, Ranges {
  /** Order of the channels of an RGB network; no proof run can tell, so it is an option. */
  readonly order: "rgb" | "bgr";
  /** Height and width must be a multiple of this, plus `remainder`. */
  readonly multiple: number;
  /** 0 for nearly all; 16 for a network that takes 64, 112, 160, … (windows of 48, less its border). */
  readonly remainder: number;
  /** The smallest height and width that the network can take. */
  readonly minimum: number;
  /** The file fixes a size, but the network works at others: it is adapted to take any. */
  readonly isFreed: boolean;
}

/** A side of n pixels gives scale × (n − trim − trimEnd) pixels, the first of which shows pixel `trim`. */
export interface SizeRule {
  readonly scale: number;
  /** Input pixels lost at the top and on the left. */
  readonly trim: number;
  /** Input pixels lost at the bottom and on the right, counting one that is lost in part. */
  readonly trimEnd: number;
}
