import { constants, setPriority } from "node:os";
import { modelSpecSchema, rungSchema, type RungMeasurement } from "@upreel/core";
import { measureQuickly, measureRung } from "@upreel/upscaler";
import { z } from "zod";

/**
 * `measure-rungs.ts '[{rung, twin?}, …]'` prints one RungMeasurement a line, in order. A process of its
 * own: a driver that kills the runtime ends this one, and whoever started it goes on with the rest.
 */
const tasks = z
  .array(
    z.object({
      rung: rungSchema,
      twin: modelSpecSchema.optional(),
      isQuick: z.boolean().optional(),
    }),
  )
  .parse(JSON.parse(process.argv[2] ?? "[]"));
// A quick look is what the first viewer of a new machine waits for.
if (!tasks.every(({ isQuick }) => isQuick)) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
for (const { rung, twin, isQuick } of tasks) {
  const line: RungMeasurement = {
    model: rung.model.id,
    provider: rung.provider,
    measurement: await (isQuick === true ? measureQuickly(rung) : measureRung(rung, twin)),
  };
  console.log(JSON.stringify(line));
}
// A GPU's threads may keep the process.
process.exit();
