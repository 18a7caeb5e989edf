export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Turns, scales and moves: (x, y) becomes (a·x − b·y + tx, b·x + a·y + ty). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** The FFHQ places of eyes, nose and corners of the mouth (as the picture shows them) in a face of 512×512. */
const FFHQ_512: readonly Point[] = [
  { x: 192.98138, y: 239.94708 },
  { x: 318.90277, y: 240.1936 },
  { x: 256.63416, y: 314.01935 },
  { x: 201.26117, y: 371.41043 },
  { x: 313.08905, y: 371.15118 },
];

export const LANDMARKS = FFHQ_512.length;

/** Where restorers expect the landmarks in a square of `size`. */
export const templateOf = (size: number): readonly Point[] =>
  FFHQ_512.map(({ x, y }) => ({ x: (x * size) / 512, y: (y * size) / 512 }));

/**
 * The similarity that brings `from` nearest to `to` by least squares (Umeyama 1991; in the plane and without a mirror
 * image it has this closed form). Undefined where `from` is one point, or anything is no number.
 */
export function fitSimilarity(
  from: readonly Point[],
  to: readonly Point[],
): Similarity | undefined {
  const [p, q] = [meanOf(from), meanOf(to)];
  let [same, across, spread] = [0, 0, 0];
  for (const [i, one] of from.entries()) {
    const other = to[i];
    if (other === undefined) return undefined;
    const [px, py, qx, qy] = [one.x - p.x, one.y - p.y, other.x - q.x, other.y - q.y];
    same += px * qx + py * qy;
    across += px * qy - py * qx;
    spread += px * px + py * py;
  }
  const [a, b] = [same / spread, across / spread];
  const found = { a, b, tx: q.x - a * p.x + b * p.y, ty: q.y - b * p.x - a * p.y };
  return Object.values(found).every(Number.isFinite) && a * a + b * b > 0 ? found : undefined;
}

export const applyTo = ({ a, b, tx, ty }: Similarity, { x, y }: Point): Point => ({
  x: a * x - b * y + tx,
  y: b * x + a * y + ty,
});

export function invert({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b;
  const [ia, ib] = [a / square, -b / square];
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) };
}

/** By how much it enlarges. */
export const scaleOf = ({ a, b }: Similarity): number => Math.hypot(a, b);

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
