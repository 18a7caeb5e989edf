import { constants, setPriority } from "node:os";
import { rungSchema } from "@upreel/core";
import { timeModel } from "@upreel/upscaler";
import { z } from "zod";

/**
 * `time-models.ts '[rung, …]'` prints `{"model id": megapixels a second a thread | null, …}`. A process of
 * its own: a network that kills the runtime costs one null.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const rungs = z.array(rungSchema).parse(JSON.parse(process.argv[2] ?? "[]"));
const speeds: Record<string, number | null> = {};
for (const rung of rungs) {
  speeds[rung.model.id] = await timeModel(rung).catch(() => null);
}
console.log(JSON.stringify(speeds));
