import { expect, it } from "vitest";
import { BLANK_VIEW } from "../../../../packages/streams/src/testing/blank-view.ts";
import { progressFigures } from "./progress-view.ts";

const film = { ...BLANK_VIEW, framesTotal: 500, durationSeconds: 20 };

it("says how fast a film is being made, and how fast it was made once it is there", () => {
  const running = { ...film, framesDone: 100, fps: 62.5, speed: 2.5, etaSeconds: 6.4 };
  expect(progressFigures(running, 2)).toEqual({ fps: "63", speed: "2.50", left: "0:07" });
  const made = { ...film, framesDone: 500, fps: 0, speed: 0, etaSeconds: undefined };
  expect(progressFigures(made, 10)).toEqual({ fps: "50", speed: "2.00", left: "0:00" });
});

it("does not guess how long a film takes before it has been made for a while", () => {
  const begun = { ...film, framesDone: 0, fps: 0, speed: 0, etaSeconds: undefined };
  expect(progressFigures(begun, 1).left).toBe("?");
});
