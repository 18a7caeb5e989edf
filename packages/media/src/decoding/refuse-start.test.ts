import { expect, it } from "vitest";
import { hasBegunLate } from "./refuse-start.ts";

it("knows a refusal by its line, wherever the source's clock stands", () => {
  for (const line of ["12.480000", "[Eval @ 0x55d0c1] 12.480000", "-0.083333"])
    expect(hasBegunLate(line), line).toBe(true);
  for (const line of ["12.48", "[mpegts @ 0x55d0c1] 12.480000", "frame 12.480000"])
    expect(hasBegunLate(line), line).toBe(false);
});
