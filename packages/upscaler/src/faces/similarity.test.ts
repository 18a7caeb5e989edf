import { expect, it } from "vitest";
import { applyTo, fitSimilarity, invert, scaleOf, templateOf } from "./similarity.ts";

const template = templateOf(512);
const turned = { a: 0.3, b: -0.2, tx: 100, ty: 40 };

it("finds the transform that points went through, and the way back", () => {
  const places = template.map((point) => applyTo(turned, point));
  const found = fitSimilarity(places, template);
  if (found === undefined) throw new Error("nothing found");
  const back = invert(found);
  for (const [name, value] of Object.entries(turned))
    expect(back[name as keyof typeof back]).toBeCloseTo(value, 9);
  expect(scaleOf(found)).toBeCloseTo(1 / Math.hypot(0.3, 0.2), 9);
  for (const [i, place] of places.entries()) {
    const { x, y } = applyTo(found, place);
    expect(x).toBeCloseTo(template[i]?.x ?? NaN, 6);
    expect(y).toBeCloseTo(template[i]?.y ?? NaN, 6);
  }
});

it("takes the nearest one where points are a little off, as least squares do", () => {
  const off = template.map(({ x, y }, i) => ({ x: x + (i % 2 === 0 ? 4 : -4), y }));
  const errorOf = (t: typeof turned): number =>
    off.reduce((sum, point, i) => {
      const { x, y } = applyTo(t, point);
      return sum + (x - (template[i]?.x ?? 0)) ** 2 + (y - (template[i]?.y ?? 0)) ** 2;
    }, 0);
  const best = fitSimilarity(off, template) ?? turned;
  for (const name of ["a", "b", "tx", "ty"] as const)
    for (const by of [-1e-3, 1e-3])
      expect(errorOf({ ...best, [name]: best[name] + by })).toBeGreaterThan(errorOf(best));
});

it.each([
  ["one point", template.map(() => ({ x: 5, y: 5 }))],
  ["no numbers", template.map(() => ({ x: NaN, y: 0 }))],
])("finds none for %s", (_, points) => expect(fitSimilarity(points, template)).toBeUndefined());
