import { setImmediate as nextTurn } from "node:timers/promises";
import { segmentCount, segmentFrames, toNumber, type Offer, type Priority } from "@upreel/core";
import { makeTimeline } from "@upreel/testkit";
import type { FakeRun } from "./fake-run.ts";
import { makeWorld } from "./fake-world.ts";
import { film } from "./films.ts";
import { simulatePage } from "./simulate-page.ts";

/** For tests alone: one film by several machines that are as fast as the test says, in the time of a manual clock. */
const STEP_SECONDS = 0.5;
const RATE = { num: 24, den: 1 };
const SEGMENT_FRAMES = 48;
/** What the encoder holds back. */
const ENCODER_DELAY_FRAMES = 40;

export interface SimulatedMachine {
  /** Film seconds a second; may change meanwhile. */
  readonly speed: number;
  /** From the order of a run to its first picture. */
  readonly startSeconds: number;
  /** What its own measurements say. */
  readonly predicted: number;
}

const nameOf = (n: number): string => `farm:${n + 1}`;

const offerOf = (n: number): Offer => ({
  ...{ id: `${nameOf(n)}/0`, machine: nameOf(n), providers: [], cores: 1, speeds: [] },
  encoders: ["libx264"],
});

const HERE: Offer = {
  ...{ id: "here/0", machine: "here", providers: [], cores: 1, speeds: [], plansOnly: true },
};

/** Makes a film of so many seconds, the gateway nothing of it; gives how many seconds that took. */
export async function makeByFarm(
  machines: readonly SimulatedMachine[],
  filmSeconds: number,
  priority: Priority = "background",
): Promise<number> {
  await using farm = await makeFarm(machines, filmSeconds, priority);
  for (let seconds = STEP_SECONDS; seconds < 100 * filmSeconds; seconds += STEP_SECONDS) {
    await farm.step();
    if (farm.isWhole()) return seconds;
  }
  throw new Error("it is never made");
}

/** The same for a page that shows the original first, until it is over. `onStep`: after so many seconds. */
export async function watchByFarm(
  machines: readonly SimulatedMachine[],
  filmSeconds: number,
  onStep: (seconds: number) => void = () => undefined,
) {
  await using farm = await makeFarm(machines, filmSeconds, "viewer");
  const { world, id, timeline } = farm;
  const page = simulatePage(world, id, { timeline, fromSeconds: 0, stepSeconds: STEP_SECONDS });
  for (let at = 0; at < 2 * filmSeconds && !page.isOver(); at += STEP_SECONDS) {
    onStep(at);
    await farm.step();
    page.live();
  }
  return { page, runs: world.runs.length };
}

async function makeFarm(
  machines: readonly SimulatedMachine[],
  filmSeconds: number,
  priority: Priority,
) {
  const shown = new Map<string | undefined, number>();
  const machineOf = (name = ""): SimulatedMachine | undefined =>
    machines[Number(name.slice("farm:".length)) - 1];
  const world = await makeWorld({
    offers: () => [HERE, ...machines.map((_, n) => offerOf(n))],
    speedAt: ({ machine }) => shown.get(machine) ?? machineOf(machine)?.predicted,
  });
  const frames = filmSeconds * toNumber(RATE);
  const timeline = { ...makeTimeline(frames, RATE), framesPerSegment: SEGMENT_FRAMES };
  world.timeline = timeline;
  const { id } = await world.streams.trigger({ ...film("a"), priority });
  await world.run(0);
  const works = new Map<FakeRun, () => void>();
  return {
    ...{ world, id, timeline },
    isWhole: (): boolean => world.folder(id).ready.size === segmentCount(timeline),
    async step(): Promise<void> {
      world.clock.advance(STEP_SECONDS * 1_000);
      for (const run of world.runs) {
        const machine = machineOf(run.order.machine);
        if (machine === undefined) throw new Error("the gateway makes nothing");
        const onShown = (): void => void shown.set(run.order.machine, machine.speed);
        const work = works.get(run) ?? workOn(run, machine, onShown);
        works.set(run, work);
        if (run.isWorking) work();
      }
      // What follows from it, over several promises.
      for (let n = 0; n < 4; n++) await nextTurn();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What a machine makes of a run in one step. */
function workOn(run: FakeRun, machine: SimulatedMachine, onShown: () => void) {
  const { timeline, fromSegment, toSegment } = run.order;
  const first = segmentFrames(timeline, fromSegment).first;
  const all = segmentFrames(timeline, toSegment - 1).end - first;
  let worked = 0;
  let made = 0;
  let next = fromSegment;
  return (): void => {
    worked += STEP_SECONDS;
    const fps = machine.speed * toNumber(RATE);
    made += fps * Math.min(STEP_SECONDS, Math.max(0, worked - machine.startSeconds));
    const frames = Math.min(all, made);
    if (frames > 0) run.progress(Math.floor(frames), fps);
    const delay = frames < all ? ENCODER_DELAY_FRAMES : 0;
    while (next < toSegment && run.isWorking) {
      if (first + frames - delay < segmentFrames(timeline, next).end) return;
      if (next > fromSegment) onShown();
      run.folder.publish(next++);
    }
    if (run.isWorking && frames >= all) run.end({ why: "finished", frames: all });
  };
}
