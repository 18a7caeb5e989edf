import { expect, it } from "vitest";
import { toYuv } from "./colour-planes.ts";
import { unweightByAlpha, weightByAlpha } from "./picture-planes.ts";

/** All pairs of a value and an alpha. */
const values = Uint8Array.from({ length: 65_536 }, (_, i) => i % 256);
const alphas = Uint8Array.from({ length: 65_536 }, (_, i) => Math.floor(i / 256));

it("weights each colour by each alpha, rounded", () => {
  const plane = values.slice();
  weightByAlpha([plane], alphas);
  const wanted = values.map((value, i) => Math.round((value * (alphas[i] ?? 0)) / 255));
  expect(Buffer.compare(plane, wanted)).toBe(0);
});

it("and the other way round, within what a byte holds", () => {
  const wanted = values.map((value, i) => {
    const alpha = alphas[i] ?? 0;
    return alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
  });
  const [plane = values] = unweightByAlpha([values.slice()], alphas);
  expect(Buffer.compare(plane, wanted)).toBe(0);
});

it("rounds BT.709 in limited range", () => {
  const steps = Array.from({ length: 52 }, (_, i) => 5 * i);
  const colours = steps.flatMap((red) =>
    steps.flatMap((green) => steps.map((blue) => [red, green, blue] as const)),
  );
  const planes = [0, 1, 2].map((channel) => Uint8Array.from(colours, (each) => each[channel] ?? 0));
  const [luma = values, , redness = values] = toYuv(planes);
  const wanted = colours.map(([r, g, b]) => [
    Math.round(16 + 0.182_586 * r + 0.614_231 * g + 0.062_007 * b),
    Math.round(128 + 0.439_216 * r - 0.398_942 * g - 0.040_274 * b),
  ]);
  expect(
    Buffer.compare(
      luma,
      Uint8Array.from(wanted, ([y]) => y ?? 0),
    ),
  ).toBe(0);
  expect(
    Buffer.compare(
      redness,
      Uint8Array.from(wanted, ([, v]) => v ?? 0),
    ),
  ).toBe(0);
});
