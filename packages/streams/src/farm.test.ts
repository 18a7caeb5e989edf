import { isElsewhere, type Offer } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { expect, it } from "vitest";
import { makeOffers } from "./testing/make-offers.ts";
import { makeWorld, type FakeWorld } from "./testing/fake-world.ts";
import { film, timelineOf } from "./testing/films.ts";

const elsewhere = (name: string, encoders: Offer["encoders"] = ["libx264"]): Offer => ({
  ...{ id: `farm:${name}/0`, machine: `farm:${name}`, providers: [], cores: 1, speeds: [] },
  encoders,
});

const FAST = 4;

async function makeFarm(
  machines: readonly Offer[],
  speed = FAST,
  here: readonly Offer[] = makeOffers(1),
) {
  const offers: { now: readonly Offer[] } = { now: [...here, ...machines] };
  const world = await makeWorld({
    offers: () => offers.now,
    speedAt: ({ machine }) => (isElsewhere(machine) ? speed : 10),
  });
  world.timeline = timelineOf(100);
  const { id } = await world.streams.trigger({ ...film("a"), priority: "background" });
  const runs = () =>
    world.runs
      .filter(({ isWorking }) => isWorking)
      .map(({ order }) => [order.machine ?? "here", order.fromSegment, order.toSegment] as const);
  return { world, offers, id, runs };
}

const ALL = Array.from({ length: 100 }, (_, k) => k);

/** All machines go on, a segment each in turns; gives the segments in the order in which they were made. */
async function makeAll(world: FakeWorld, id: string): Promise<readonly number[]> {
  const made: number[] = [];
  await eventually("the whole film", () => {
    for (const run of world.runs.filter(({ isWorking }) => isWorking)) {
      const k = run.order.fromSegment + run.made;
      run.publish(k, k + 1);
      run.made += 1;
      made.push(k);
      if (k + 1 === run.order.toSegment) run.end({ why: "finished", frames: run.made * 12 });
    }
    return world.folder(id).ready.size === 100;
  });
  return made;
}

it("one film is made by all machines, each with a part of it, and nothing is made twice", async () => {
  const { world, runs, id } = await makeFarm([elsewhere("a"), elsewhere("b")]);
  await using _ = world;
  await eventually("three runs", () => runs().length === 3);
  const machines = runs().map(([machine]) => machine);
  expect(new Set(machines)).toEqual(new Set(["here", "farm:a", "farm:b"]));
  const told = world.streams.status(id).workers.map(({ name }) => name);
  expect(told.toSorted()).toEqual(["a", "b"]);
  const made = await makeAll(world, id);
  expect(made.toSorted((a, b) => a - b)).toEqual(ALL);
  await world.state(id, "complete");
});

it("a run is told where another machine goes on, though it was cut before it had a worker", async () => {
  const { world, runs } = await makeFarm([elsewhere("a")]);
  await using _ = world;
  await eventually("two runs", () => runs().length === 2);
  const [first, second] = world.runs;
  await eventually("it hears of that", () => first?.endsAt !== undefined);
  expect(first?.endsAt).toBe(second?.order.fromSegment);
});

it("a machine that is lost costs its part: another one makes the rest, and the film is not to blame", async () => {
  const { world, runs, offers, id } = await makeFarm([elsewhere("a")]);
  await using _ = world;
  await eventually("two runs", () => runs().length === 2);
  const lost = world.runs.find(({ order }) => order.machine === "farm:a");
  if (lost === undefined) throw new Error("nothing was given to the worker");
  const { fromSegment } = lost.order;
  lost.publish(fromSegment, fromSegment + 3);
  offers.now = makeOffers(1);
  lost.fail("worker_lost");
  const made = await makeAll(world, id);
  const kept = [0, 1, 2].map((n) => fromSegment + n);
  expect([...made, ...kept].toSorted((a, b) => a - b)).toEqual(ALL);
  expect(world.runs.filter(({ order }) => order.machine !== undefined)).toEqual([lost]);
  await world.state(id, "complete");
});

it("a film does not fail for a machine that is lost again and again", async () => {
  const { world, id } = await makeFarm([elsewhere("a")]);
  await using _ = world;
  for (let n = 1; n <= 20; n++) {
    const lost = await eventually(`run ${n} of the worker`, () =>
      world.runs.find(({ order, isWorking }) => isWorking && order.machine !== undefined),
    );
    lost.fail("worker_lost");
  }
  expect(world.streams.status(id).state).toBe("running");
});

it("a machine without the film's encoder gets nothing of it", async () => {
  const { world, runs } = await makeFarm([elsewhere("a", ["hevc_nvenc"])]);
  await using _ = world;
  await eventually("a run", () => runs().length === 1);
  world.runs[0]?.publish(0, 3);
  expect(runs().map(([machine]) => machine)).toEqual(["here"]);
});

it("the faster machine gets what somebody waits for", async () => {
  const { world, runs } = await makeFarm([elsewhere("a")], 1_000);
  await using _ = world;
  await eventually("a run", () => runs().length === 1);
  expect(runs()[0]?.[0]).toBe("farm:a");
});

it("what a machine offers that comes later is used at once", async () => {
  const { world, runs, offers } = await makeFarm([]);
  await using _ = world;
  await eventually("a run", () => runs().length === 1);
  offers.now = [...makeOffers(1), elsewhere("late")];
  await eventually("a second one", () => runs().length === 2);
  const [first, second] = runs();
  expect(first?.[0]).toBe("here");
  expect(second?.[0]).toBe("farm:late");
  expect(second?.[1]).toBeGreaterThan(first?.[1] ?? 0);
});

it("where other machines alone make films, one waits for them, and this one makes nothing", async () => {
  const here = makeOffers(1).map((offer) => ({ ...offer, plansOnly: true }));
  const { world, runs, offers, id } = await makeFarm([], FAST, here);
  await using _ = world;
  await world.state(id, "queued");
  await eventually("it is planned", () => world.streams.status(id).segmentsTotal === 100);
  offers.now = [...here, elsewhere("a")];
  await eventually("a run", () => runs().length > 0);
  expect(runs()).toEqual([["farm:a", 0, 100]]);
  offers.now = here;
  world.runs[0]?.fail("worker_lost");
  await world.state(id, "queued");
  expect(world.runs).toHaveLength(1);
});

it("what a viewer waits for and one machine does not send is made by another one, too", async () => {
  const b = elsewhere("b");
  const { world, runs, id } = await makeFarm([elsewhere("a"), b, { ...b, id: "farm:b/1" }], 20);
  await using _ = world;
  world.streams.noteAsked(id, 0, "client");
  await eventually("a run for the viewer", () => runs().some(([, from]) => from === 0));
  const late = world.runs.find(({ order }) => order.fromSegment === 0);
  world.clock.advance(3_500);
  world.streams.noteAsked(id, 0, "client");
  const hedge = await eventually("a second one", () =>
    world.runs.find(({ order }) => order.fromSegment === 0 && order.toSegment === 2),
  );
  expect(late?.isWorking).toBe(true);
  expect(hedge.order.machine).not.toBe(late?.order.machine);
  hedge.publish(0, 2);
  await eventually("it is over", () => hedge.isCancelled);
  expect(late?.isCancelled).toBe(false);
});
