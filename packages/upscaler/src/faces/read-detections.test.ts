import { expect, it } from "vitest";
import { MOST_FACES, overlapOf, readDetections, type Grid } from "./read-detections.ts";

function grid(columns: number, cells: number, change: Partial<Grid> = {}): Grid {
  return {
    ...{ stride: 8, columns, cls: new Float32Array(cells), obj: new Float32Array(cells).fill(1) },
    bbox: new Float32Array(4 * cells),
    kps: new Float32Array(10 * cells),
    ...change,
  };
}

it("reads a box and its landmarks as YuNet gives them: from the corner of its cell, in cells", () => {
  const found = readDetections([
    grid(4, 8, {
      cls: Float32Array.from({ length: 8 }, (_, cell) => (cell === 6 ? 0.81 : 0.1)),
      bbox: Float32Array.from({ length: 32 }, (_, i) => (i % 4 < 2 ? 0.5 : Math.log(4))),
      kps: new Float32Array(80).fill(0.25),
    }),
  ]);
  expect(found).toHaveLength(1);
  // Cell 6 is the third one of the second row.
  expect(found[0]?.box).toEqual({
    x: expect.closeTo(20 - 16, 4),
    y: expect.closeTo(12 - 16, 4),
    width: expect.closeTo(32, 4),
    height: expect.closeTo(32, 4),
  });
  expect(found[0]?.points).toEqual(Array.from({ length: 5 }, () => ({ x: 18, y: 10 })));
  expect(found[0]?.score).toBeCloseTo(0.9, 5);
});

it("keeps the best few of ten thousand boxes, and does not compare each with each", () => {
  const cells = 10_000;
  const found = readDetections([grid(100, cells, { cls: new Float32Array(cells).fill(1) })]);
  expect(found).toHaveLength(MOST_FACES);
  for (const [i, { box }] of found.entries())
    for (const other of found.slice(i + 1)) expect(overlapOf(box, other.box)).toBeLessThan(0.31);
});

it.each([
  ["a score", { cls: new Float32Array(4).fill(NaN) }],
  ["a size", { cls: new Float32Array(4).fill(1), bbox: new Float32Array(16).fill(1e9) }],
  ["a landmark", { cls: new Float32Array(4).fill(1), kps: new Float32Array(40).fill(NaN) }],
])("takes no face with %s that is no number", (_, change) =>
  expect(readDetections([grid(2, 4, change)])).toEqual([]),
);
