import { expect, it } from "vitest";
import { makeByFarm, watchByFarm, type SimulatedMachine } from "./testing/simulate-farm.ts";

/** What a machine makes of a film by itself, for each of which a film has as much to be made. */
const ALONE_SECONDS = 100;
/** Film seconds a second of one core, and what it takes of a core to begin a run, as measured with small films. */
const CORE_SPEED = 14;
const START_CORE_SECONDS = 0.65;

/** A machine with so much of a core, which measured itself as `predicted`; default: as it is. */
function machine(core: number, predicted = CORE_SPEED * core): SimulatedMachine {
  return { speed: CORE_SPEED * core, startSeconds: START_CORE_SECONDS / core, predicted };
}
const alike = (count: number, predicted?: number): readonly SimulatedMachine[] =>
  Array.from({ length: count }, () => machine(0.1, predicted));

/** Measured when they had all of the processor, as machines are on which somebody works later. */
const IDLE_SPEED = 30;

const CREWS: Readonly<Record<string, readonly SimulatedMachine[]>> = {
  "2 alike": alike(2),
  "4 alike": alike(4),
  "4 alike that are slower than they measured": alike(4, IDLE_SPEED),
  "some that are not alike": [0.05, 0.15, 0.2].map((core) => machine(core)),
  "some that are not alike and slower than they measured": [0.05, 0.15, 0.2].map((core) =>
    machine(core, IDLE_SPEED),
  ),
};

/** Of the speed of them all, one alone with as much to do for its speed being 1. */
async function shareMade(
  crew: readonly SimulatedMachine[],
  priority: "background" | "viewer",
): Promise<number> {
  const speed = crew.reduce((sum, each) => sum + each.speed, 0);
  const alone = await makeByFarm(alike(1), CORE_SPEED * 0.1 * ALONE_SECONDS);
  const all = await makeByFarm(crew, speed * ALONE_SECONDS, priority);
  return alone / all;
}

for (const [who, crew] of Object.entries(CREWS))
  it(`${who} make a film in the background nine tenths as fast as all of them together`, async () => {
    expect(await shareMade(crew, "background")).toBeGreaterThan(0.9);
  });

it("nobody who watches makes them begin anew again and again", async () => {
  // What is made beside the viewer's part begins near him, until it is known how fast it is: a second start for each.
  expect(await shareMade(alike(4), "viewer")).toBeGreaterThan(0.8);
  expect(await shareMade(alike(4, IDLE_SPEED), "viewer")).toBeGreaterThan(0.9);
});

for (const [count, speed, share, most] of [
  [2, 0.5, 0.4, 20],
  [3, 0.4, 0.7, 25],
  [4, 0.3, 0.65, 35],
  [4, 0.2, 0.55, 40],
] as const)
  it(`${count} machines at ${speed}× bring who watches the original to the upscaled film, and begin few runs for it`, async () => {
    const crew = Array.from({ length: count }, () => ({
      ...{ speed, startSeconds: 3, predicted: speed },
    }));
    const { page, runs } = await watchByFarm(crew, 1_200);
    expect(page.upscaledFor()).toBeGreaterThan(share * 1_200);
    expect(runs).toBeLessThanOrEqual(most);
  });

it("a machine that becomes half as fast takes nothing from who watches", async () => {
  const crew = Array.from({ length: 3 }, () => ({ speed: 0.4, startSeconds: 3, predicted: 0.4 }));
  const slowsDown = (seconds: number, machines: typeof crew): void => {
    if (seconds === 400 && machines[1] !== undefined) machines[1].speed /= 2;
  };
  const { page } = await watchByFarm(crew, 1_200, (seconds) => slowsDown(seconds, crew));
  expect(page.upscaledFor()).toBeGreaterThan(0.7 * 1_200);
});
