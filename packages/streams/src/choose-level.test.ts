import { describe, expect, it } from "vitest";
import { chooseLevel, firstLevel, type LadderView } from "./choose-level.ts";

/** Plays a film of `seconds` over a ladder with these true speeds; what the viewer saw. */
function play(
  trueSpeeds: (atSeconds: number) => readonly number[],
  seconds: number,
  knows = false,
) {
  const speeds: (number | undefined)[] = trueSpeeds(0).map((speed) => (knows ? speed : undefined));
  let level = firstLevel(speeds);
  let made = 0;
  let playhead = 0;
  let nowSeconds = 0;
  let stalledSeconds = 0;
  const levels: number[] = [];
  const segmentSeconds = 2;
  while (made < seconds) {
    const speed = trueSpeeds(nowSeconds)[level] ?? 0;
    const took = segmentSeconds / speed;
    const played = Math.min(took, made - playhead);
    playhead += played;
    if (made > 0) stalledSeconds += took - played;
    made += segmentSeconds;
    nowSeconds += took;
    speeds[level] = speed;
    levels.push(level);
    const view: LadderView = {
      levels: speeds.length,
      level,
      speeds,
      leadSeconds: made - playhead,
    };
    level = chooseLevel(view);
  }
  const changes = levels.filter((each, i) => i > 0 && each !== levels[i - 1]).length;
  return { levels, stalledSeconds, changes };
}

describe("the ladder of rungs", () => {
  it("stays on the best rung that keeps up", () => {
    const { levels, stalledSeconds } = play(() => [1.3, 4, 10], 600);
    expect(stalledSeconds).toBe(0);
    expect(new Set(levels)).toEqual(new Set([0]));
  });

  it("begins with a rung that is known to keep up, and spends a long lead on a better one", () => {
    const { levels, stalledSeconds } = play(() => [0.8, 3, 10], 1_200, true);
    expect(levels[0]).toBe(1);
    expect(stalledSeconds).toBe(0);
    expect(levels.filter((level) => level === 0).length).toBeGreaterThan(levels.length / 2);
  });

  it("steps down before a stall when the machine gets busy, and climbs back when it is over", () => {
    const busy = [0.3, 0.9, 5];
    const idle = [1.6, 5, 20];
    const { levels, stalledSeconds } = play((at) => (at > 20 && at < 200 ? busy : idle), 600, true);
    expect(stalledSeconds).toBeLessThan(8);
    expect(levels.at(-1)).toBe(0);
    expect(levels).toContain(2);
  });

  it("does not flap: one slow rung is tried again only for a minute's worth of lead", () => {
    const { changes } = play(() => [0.5, 2, 10], 3_600, true);
    expect(changes).toBeLessThan(3_600 / 30);
  });

  it("begins with a network where one keeps up, however fast the plain scaler is", () => {
    expect(firstLevel([0.8, 1.1, 10], 2)).toBe(1);
    expect(firstLevel([0.4, 0.8, 10], 2)).toBe(2);
    expect(firstLevel([0.1, 0.3, 0.25], 2)).toBe(1);
  });

  it("takes the fastest when none keeps up", () => {
    const view = { levels: 3, level: 0, speeds: [0.1, 0.5, 0.8], leadSeconds: 1 };
    expect(chooseLevel(view)).toBe(2);
    expect(firstLevel([0.1, 0.5, 0.8])).toBe(2);
  });
});
