import { expect, it } from "vitest";
import { createView } from "./split-view.ts";

it("zooms about the point under the pointer", () => {
  const view = createView();
  const pointOf = ([x, y]: readonly [number, number]): number[] => {
    const [panX, panY] = view.pan.value;
    return [(x - 0.5 - panX) / view.zoom.value, (y - 0.5 - panY) / view.zoom.value];
  };
  const at = [0.8, 0.3] as const;
  const before = pointOf(at);
  view.zoomBy(2, at);
  view.zoomBy(1.5, at);
  expect(view.zoom.value).toBe(3);
  const after = pointOf(at);
  expect(after[0]).toBeCloseTo(before[0] ?? NaN);
  expect(after[1]).toBeCloseTo(before[1] ?? NaN);
});

it("never shows what is beside the picture", () => {
  const view = createView();
  view.panBy(1, 1);
  expect(view.pan.value).toEqual([0, 0]);
  view.zoomBy(2);
  view.panBy(9, -9);
  expect(view.pan.value).toEqual([0.5, -0.5]);
  view.zoomBy(0.01);
  expect([view.zoom.value, ...view.pan.value].map(Math.abs)).toEqual([1, 0, 0]);
});
