import { constants, setPriority } from "node:os";
import { modelSpecSchema, rungSchema, type RungMeasurement } from "@upreel/core";
import { measureRung } from "@upreel/upscaler";
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
    }),
  )
  .parse(JSON.parse(process.argv[2] ?? "[]"));
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
for (const { rung, twin } of tasks) {
  const line: RungMeasurement = {
    model: rung.model.id,
    provider: rung.provider,
    measurement: await measureRung(rung, twin),
  };
  console.log(JSON.stringify(line));
}
// A GPU's threads may keep the process.
process.exit();
