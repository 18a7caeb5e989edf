import type { ModelSpec, Rung, RungMeasurement } from "@upreel/core";
import { rungOn } from "./rung-on.ts";
import { shapeOf, type NumberFormat, type Shape } from "./shape-of.ts";

/**
 * Megapixels a second of one thread of a processor with VNNI (docs/models.md). How the shapes compare to each other
 * in one number format is much the same on others.
 */
const USUAL_SPEEDS: Readonly<Record<NumberFormat, Readonly<Record<Shape["body"], number>>>> = {
  int8: { "16x0": 65.1, "16x1": 28.1, "16x2": 18.1, "16x4": 10.5 },
  fp32: { "16x0": 30.3, "16x1": 13.2, "16x2": 8.6, "16x4": 5 },
};
/** Of ×1.5 in place of ×2. */
const HALF_AGAIN_SHARE = 0.84;
/** What the larger last layer of ×3 and ×4 costs beyond that of ×2, whatever the body: seconds for a megapixel of input. */
const ONE_PASS_SECONDS: Readonly<Record<NumberFormat, Readonly<Record<"3" | "4", number>>>> = {
  int8: { "3": 0.0243, "4": 0.0126 },
  fp32: { "3": 0.0336, "4": 0.0407 },
};

function usualSpeed({ scale, body, format }: Shape): number {
  const doubled = USUAL_SPEEDS[format][body];
  if (scale === "2") return doubled;
  if (scale === "1.5") return doubled * HALF_AGAIN_SHARE;
  return 1 / (1 / doubled + ONE_PASS_SECONDS[format][scale]);
}

/** The network that stands for all of its format: the quickest. */
const PROBE = { scale: "2", body: "16x0" } as const;

export interface PlaceParts {
  /** Tells how fast some are, in a moment. */
  readonly look: (rungs: readonly Rung[]) => Promise<readonly RungMeasurement[]>;
  readonly tileBytes: number;
}

/**
 * How fast the built-in networks are on this processor, by one quick look at one of each number format. What runs show
 * corrects it, and so does the measuring when there is time for it. A format that fails is left out.
 */
export async function placeMachine(
  networks: readonly ModelSpec[],
  { look, tileBytes }: PlaceParts,
): Promise<readonly RungMeasurement[]> {
  const shaped = networks.flatMap((model) => {
    const shape = shapeOf(model.id);
    return shape === undefined ? [] : [{ model, shape }];
  });
  const probes = (["int8", "fp32"] as const).flatMap((format) => {
    const found = shaped.find(
      ({ shape }) =>
        shape.format === format && shape.scale === PROBE.scale && shape.body === PROBE.body,
    );
    return found === undefined ? [] : [found];
  });
  // Nothing is asked where all is known.
  if (probes.length === 0) return [];
  const rungs = probes.map(({ model }) => rungOn(model, "cpu", tileBytes));
  const shares = new Map<NumberFormat, number>();
  for (const { model, measurement } of await look(rungs)) {
    const shape = shapeOf(model);
    if (shape === undefined || measurement.outcome !== "proven") continue;
    shares.set(shape.format, measurement.megapixelsPerSecond / usualSpeed(shape));
  }
  return shaped.flatMap(({ model, shape }): RungMeasurement[] => {
    const share = shares.get(shape.format);
    if (share === undefined) return [];
    const megapixelsPerSecond = share * usualSpeed(shape);
    return [
      {
        ...{ model: model.id, provider: "cpu" },
        measurement: { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} },
      },
    ];
  });
}
