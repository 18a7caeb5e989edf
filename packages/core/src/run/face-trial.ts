import { z } from "zod";
import { reasonSchema } from "../stream/stream.ts";

/** What networks for faces take on one machine. */
export const faceTrialSchema = z.object({
  /** Of the restorer; the detector runs on the processor. */
  provider: z.string(),
  /** Side of the restorer's square. */
  size: z.int().positive(),
  /** To find the faces of a picture. */
  detectSeconds: z.number().positive(),
  /** To restore one face. */
  restoreSeconds: z.number().positive(),
  /** Memory that both networks took at most; of trials of earlier versions it is not known. */
  bytes: z.int().positive().optional(),
});
export type FaceTrial = z.infer<typeof faceTrialSchema>;

/** The one line that the process prints which tries them. */
export const faceTrialOutcomeSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("works"), trial: faceTrialSchema }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type FaceTrialOutcome = z.infer<typeof faceTrialOutcomeSchema>;
