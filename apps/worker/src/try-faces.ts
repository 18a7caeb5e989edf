import { constants, setPriority } from "node:os";
import { faceWorkSchema, toReason, type FaceTrialOutcome } from "@upreel/core";
import { tryFaces } from "@upreel/upscaler";

/**
 * `try-faces.ts <work as JSON>` prints one line of JSON, a FaceTrialOutcome. A process of its own: a network that kills
 * the runtime or takes all memory ends only this.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const work = faceWorkSchema.omit({ strength: true }).parse(JSON.parse(process.argv[2] ?? "null"));
const outcome = await tryFaces(work).then(
  (trial): FaceTrialOutcome => ({ outcome: "works", trial }),
  (thrown: unknown): FaceTrialOutcome => ({ outcome: "refused", reason: toReason(thrown) }),
);
console.log(JSON.stringify(outcome));
