import { expect, it } from "vitest";
import { createPluginHealth } from "./plugin-health.ts";
import { createPluginLog } from "./plugin-log.ts";

it("a plugin that fails again and again rests twice as long each time, up to a bound; one that works does not", () => {
  let nowMs = 0;
  const log = createPluginLog(() => nowMs);
  const health = createPluginHealth(log, () => nowMs, { firstMs: 1_000, longestMs: 6_000 });
  const rests = [1, 2, 3, 4, 5].map((n) => {
    health.fail(`the ${n}th time`);
    return health.restMs();
  });
  expect(rests).toEqual([1_000, 2_000, 4_000, 6_000, 6_000]);
  expect(health).toMatchObject({ state: "error", reason: "the 5th time" });
  expect(health.describeRest()).toBe("failed 5 times and rests for 6 s: the 5th time");
  expect(log.lines()).toHaveLength(5);
  nowMs += 6_000;
  expect(health.restMs()).toBe(0);
  health.state = "running";
  health.noteSuccess();
  expect(health.reason).toBeUndefined();
  health.fail("later");
  expect(health.restMs()).toBe(1_000);
});
