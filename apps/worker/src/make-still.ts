import { constants, setPriority } from "node:os";
import { stillOrderSchema, toReason, type StillOutcome } from "@upreel/core";
import { makeStill } from "@upreel/pipeline";

/**
 * `make-still.ts <ffmpeg> '<StillOrder>'` writes one frame as a PNG and prints one line of JSON, a
 * StillOutcome. A process of its own: whoever started it may kill it at any time.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const [, , ffmpeg = "ffmpeg", order = ""] = process.argv;
const outcome = await makeStill(stillOrderSchema.parse(JSON.parse(order)), { ffmpeg }).then(
  (made): StillOutcome => ({ outcome: "made", ...made }),
  (thrown: unknown): StillOutcome => ({ outcome: "refused", reason: toReason(thrown) }),
);
console.log(JSON.stringify(outcome));
// A GPU's threads may keep the process.
process.exit();
