import { z } from "zod";
import { modelSpecSchema } from "./profile.ts";
import { reasonSchema } from "./stream.ts";

/** What is known of a network that was made to take and give planes of bytes. */
export const preparedModelSchema = modelSpecSchema.omit({ id: true, file: true }).extend({
  kind: z.enum(["luma", "planes"]),
  /** Stored numbers: weights, biases and constants. */
  parameters: z.int().nonnegative(),
});
export type PreparedModel = z.infer<typeof preparedModelSchema>;

/** The one line that the import process prints. */
export const importOutcomeSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("prepared"), model: preparedModelSchema }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type ImportOutcome = z.infer<typeof importOutcomeSchema>;
