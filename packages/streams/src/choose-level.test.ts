import { PLAIN_SCALER } from "@upreel/core";
import { makeManualClock, makeRandom } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { chooseLevel, firstLevel, openingLevel, type LadderView } from "./choose-level.ts";
import type { Ladder } from "./ports.ts";
import { nextLevel } from "./next-level.ts";
import { levelFor, openingRung } from "./levels.ts";
import { noRungs, withLadder, withSpeed } from "./rungs.ts";
import { NETWORK } from "./testing/films.ts";

/** A ladder of networks over the plain scaler, with what is foreseen of each. */
const ladderOf = (expected: readonly (number | undefined)[]): Ladder =>
  expected.map((expectedSpeed, level) => ({
    rung:
      level === expected.length - 1
        ? { model: PLAIN_SCALER, provider: "ffmpeg" }
        : { model: { ...NETWORK, id: `net ${level}` }, provider: "cpu" },
    expectedSpeed,
  }));

const rungsOf = (expected: readonly (number | undefined)[]) =>
  withLadder(noRungs(true), ladderOf(expected), 0);

/** Plays a film of `seconds` over a ladder with these true speeds; what the viewer saw. */
function play(
  trueSpeeds: (atSeconds: number) => readonly number[],
  seconds: number,
  expected: readonly (number | undefined)[] = trueSpeeds(0),
) {
  const clock = makeManualClock();
  const beginMs = clock.nowMs();
  let rungs = rungsOf(expected);
  let level = levelFor(rungs, true, beginMs);
  let [made, playhead, stalledSeconds, workedSeconds] = [0, 0, 0, 0];
  let isOpening = true;
  const levels: number[] = [];
  const changes: { readonly atSeconds: number; readonly from: number; readonly to: number }[] = [];
  const segmentSeconds = 2;
  while (made < seconds) {
    const nowSeconds = (clock.nowMs() - beginMs) / 1_000;
    const speed = trueSpeeds(nowSeconds)[level] ?? 0;
    const took = segmentSeconds / speed;
    const played = Math.min(took, made - playhead);
    playhead += played;
    if (made > 0) stalledSeconds += took - played;
    made += segmentSeconds;
    clock.advance(took * 1_000);
    workedSeconds += took;
    levels.push(level);
    const isWarm = workedSeconds >= 3;
    if (isWarm) rungs = withSpeed(rungs, level, speed, clock.nowMs());
    const at = { level, leadSeconds: made - playhead, hasViewer: true, isWarm, isOpening };
    const { next, ...changed } = nextLevel(rungs, at, clock.nowMs());
    ({ rungs } = changed);
    if (next === level) continue;
    changes.push({ atSeconds: nowSeconds + took, from: level, to: next });
    level = next;
    isOpening = false;
    workedSeconds = 0;
  }
  return { levels, stalledSeconds, changes };
}

/** Changes that come sooner after another one than they may. */
function hasty(changes: ReturnType<typeof play>["changes"]) {
  return changes.filter(({ atSeconds, to }, i) => {
    const before = changes.slice(0, i);
    const last = before.at(-1)?.atSeconds ?? -Infinity;
    const left = before.findLast(({ from }) => from === to)?.atSeconds ?? -Infinity;
    return atSeconds - last < 9.99 || atSeconds - left < 59.99;
  });
}

describe("the ladder of rungs", () => {
  it("stays on the best rung that keeps up", () => {
    const { levels, stalledSeconds } = play(() => [1.3, 6, 10], 600);
    expect(stalledSeconds).toBe(0);
    // The first segments by what is quick, until the lead pays for the other one.
    expect(levels.indexOf(0)).toBeGreaterThan(0);
    expect(new Set(levels.slice(levels.indexOf(0)))).toEqual(new Set([0]));
  });

  it("never climbs to what is known to be too slow, however long the lead is", () => {
    const { levels, stalledSeconds } = play(() => [0.8, 3, 10], 1_200);
    expect(new Set(levels)).toEqual(new Set([1]));
    expect(stalledSeconds).toBe(0);
  });

  it("steps down before a stall when the machine gets busy, and climbs back when it is over", () => {
    const busy = [0.3, 0.9, 5];
    const idle = [1.6, 5, 20];
    const { levels, stalledSeconds, changes } = play(
      (at) => (at > 20 && at < 200 ? busy : idle),
      900,
    );
    expect(stalledSeconds).toBeLessThan(8);
    expect(levels.at(-1)).toBe(0);
    expect(hasty(changes)).toEqual([]);
  });

  it.each<[string, readonly number[], readonly (number | undefined)[]]>([
    ["is foreseen too fast", [0.5, 0.9, 2, 10], [1.4, 3, 6, 10]],
    ["is not foreseen", [0.5, 2, 4, 10], [undefined, undefined, undefined, 10]],
    ["is foreseen too slow", [1.2, 3, 6, 10], [0.6, 0.9, 2, 10]],
    ["is just too slow", [1.0, 1.04, 3, 10], [1.3, 1.3, 3, 10]],
  ])("does not flap where its speed %s", (_, truth, expected) => {
    const { changes } = play(() => truth, 3_600, expected);
    expect(hasty(changes)).toEqual([]);
    expect(changes.length).toBeLessThan(17);
    const [first, second] = changes;
    // A start of twenty seconds has seen six of them.
    expect([first, second].filter((each) => (each?.atSeconds ?? 60) < 20).length).toBeLessThan(3);
  });

  /** Networks of a machine that makes 480p, in film seconds a second, and the plain scaler below them. */
  const MACHINE = [0.7, 1.6, 2.1, 2.7, 4];
  const busy = (share: number): readonly number[] => MACHINE.map((speed) => speed * share);

  it.each([0.1, 0.2, 0.35])("keeps its rung where speeds go up and down by %d", (noise) => {
    const random = makeRandom(7);
    const noisy = (): readonly number[] => busy(1 + noise * (2 * random.next() - 1));
    const { changes, stalledSeconds } = play(noisy, 3_600, MACHINE);
    // From the opening rung to the one that goes on, and no other.
    expect(changes.map(({ from, to }) => [from, to])).toEqual([[3, 1]]);
    expect(stalledSeconds).toBe(0);
  });

  it.each([0, 2, 5, 10, 15, 20, 30, 60, 300])(
    "lives through a neighbour who takes half of the machine for a minute, %d s after the start",
    (begin) => {
      const shared = (at: number): readonly number[] =>
        busy(at >= begin && at < begin + 60 ? 0.5 : 1);
      const { changes, stalledSeconds, levels } = play(shared, 3_600, MACHINE);
      expect(hasty(changes)).toEqual([]);
      expect(changes.length).toBeLessThan(4);
      expect(stalledSeconds).toBe(0);
      expect(levels.at(-1)).toBe(1);
    },
  );

  it("follows a step of the machine once, and not back", () => {
    const { changes, stalledSeconds } = play((at) => busy(at < 100 ? 1 : 0.5), 3_600, MACHINE);
    expect(hasty(changes)).toEqual([]);
    expect(stalledSeconds).toBe(0);
    // Down where it still keeps up; what would not is not tried again while all is as slow.
    expect(changes.map(({ from, to }) => [from, to])).toEqual([
      [3, 1],
      [1, 2],
    ]);
  });

  it("goes at once to what keeps up when all of the machine is slow", () => {
    const rungs = withSpeed(rungsOf([1.3, 3, 6, 20]), 0, 0.2, 0);
    const at = { level: 0, leadSeconds: 1, hasViewer: true, isWarm: true, isOpening: false };
    expect(nextLevel(rungs, at, 0).next).toBe(3);
  });

  it("changes nothing before a speed is known", () => {
    const rungs = withSpeed(rungsOf([1.3, 3, 10]), 0, 0.6, 0);
    const next = (leadSeconds: number, hasViewer: boolean, isWarm: boolean): number =>
      nextLevel(rungs, { level: 0, leadSeconds, hasViewer, isWarm, isOpening: false }, 0).next;
    expect(next(1, true, false)).toBe(0);
    expect(next(100, false, false)).toBe(0);
    expect(next(1, true, true)).toBe(1);
  });

  it("begins with a network where one keeps up, however fast the plain scaler is", () => {
    expect(firstLevel([0.8, 1.1, 10], 2)).toBe(1);
    expect(firstLevel([0.4, 0.8, 10], 2)).toBe(2);
    expect(firstLevel([0.1, 0.3, 0.25], 2)).toBe(1);
  });

  it("opens with the fastest network, or with a better one that is quick, too", () => {
    expect(openingLevel([1.3, 2, 3, 9], 3, 0)).toBe(2);
    expect(openingLevel([1.3, 5.5, 8, 9], 3, 0)).toBe(1);
    expect(openingLevel([undefined, undefined, undefined, 9], 3, 0)).toBe(2);
    expect(openingLevel([0.3, 0.4, 0.5, 9], 3, 3)).toBe(3);
  });

  it("is known before there is a film: by its ladder, or by name", () => {
    const ladder = ladderOf([1.3, 5.5, 8, 9]);
    expect(openingRung(ladder, true)?.model.id).toBe("net 1");
    expect(openingRung(ladder, false)?.model.id).toBe("net 0");
    expect(openingRung([], true)).toBeUndefined();
  });

  it("takes the fastest when none keeps up", () => {
    const view: LadderView = {
      ...{ levels: 3, level: 0, speeds: [0.1, 0.5, 0.8], leadSeconds: 1 },
      ...{ measured: [], leftSeconds: [], sinceChangeSeconds: 60 },
    };
    expect(chooseLevel(view)).toBe(2);
    expect(firstLevel([0.1, 0.5, 0.8])).toBe(2);
  });
});
