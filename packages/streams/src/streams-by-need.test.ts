import { PLAIN_SCALER, segmentCount, type MadeRange, type Timeline } from "@upreel/core";
import { makeTimeline } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { type FakeWorld, makeWorld } from "./testing/fake-world.ts";
import { NETWORK, film } from "./testing/films.ts";
import { simulate, type SpeedOf } from "./testing/simulate.ts";

/** 24 frames a second, segments of two seconds. */
const timelineFor = (seconds: number): Timeline => ({
  ...makeTimeline(24 * seconds, { num: 24, den: 1 }),
  framesPerSegment: 48,
});
const LADDER = [
  { rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: 3 },
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 10 },
];
/** The network makes three film seconds a second. */
const steady: SpeedOf = (model) => (model === "net" ? 3 : 10);

async function begin(
  seconds: number,
  speedOf: SpeedOf = steady,
  options: Parameters<typeof makeWorld>[0] = {},
) {
  const timeline = timelineFor(seconds);
  const world = await makeWorld({ ladder: LADDER, ...options });
  world.timeline = timeline;
  const simulation = simulate(world, timeline, speedOf);
  const trigger = async (name: string, priority?: "viewer" | "next" | "background") => {
    const { id } = await world.streams.trigger({ ...film(name), priority });
    return id;
  };
  const state = (id: string) => world.streams.status(id).state;
  return { world, timeline, simulation, trigger, state };
}

const changesOf = (world: FakeWorld): number =>
  world.runs.reduce((sum, { told }) => sum + told.length, 0) + world.runs.length;
const madeBy = (world: FakeWorld, id: string): MadeRange[] =>
  world.folder(id).saved.at(-1)?.made ?? [];

describe("two viewers of one film, far apart", () => {
  it("both play on with one place: the runs take turns by who has less, not segment by segment", async () => {
    const { world, timeline, simulation, trigger, state } = await begin(1_200);
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    const near = simulation.play(id, 0).player;
    const far = simulation.play(id, 600).player;
    await simulation.pass(250);
    for (const player of [near, far]) {
      expect(player.waitedSeconds()).toBeLessThan(5);
      expect(player.stalledSeconds()).toBe(0);
    }
    expect(simulation.mostRuns()).toBe(1);
    expect(changesOf(world)).toBeLessThan(40);
    await simulation.pass(700, () => state(id) === "complete");
    expect(state(id)).toBe("complete");
    expect(world.folder(id).ready.size).toBe(segmentCount(timeline));
    expect(simulation.segmentsMadeTwice()).toBe(0);
    expect(simulation.framesMade() / timeline.frameCount).toBeLessThan(1.01);
  });

  it("have a run each where there are places for it", async () => {
    const { world, simulation, trigger } = await begin(600, steady, { maxStreams: 2 });
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    simulation.play(id, 0);
    simulation.play(id, 300);
    await simulation.pass(5);
    expect(simulation.mostRuns()).toBe(2);
    const ranges = world.streams.status(id).makingRanges;
    expect(ranges).toHaveLength(2);
    expect(ranges[0]?.[1]).toBe(300);
  });

  it("share a run when it gets to both in time", async () => {
    const { world, simulation, trigger } = await begin(600, steady, { maxStreams: 2 });
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    const first = simulation.play(id, 0).player;
    await simulation.pass(10);
    const second = simulation.play(id, 36).player;
    await simulation.pass(60);
    expect(simulation.mostRuns()).toBe(1);
    expect(first.stalledSeconds() + second.stalledSeconds()).toBe(0);
    expect(second.waitedSeconds()).toBeLessThan(4);
  });
});

describe("a viewer who jumps", () => {
  it("waits for a segment to be made, and nothing is made twice for it", async () => {
    const { world, timeline, simulation, trigger, state } = await begin(600);
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    const { player, seek } = simulation.play(id, 0);
    for (const target of [400, 100, 500, 20]) {
      await simulation.pass(12);
      seek(target);
      await simulation.pass(3);
      expect(player.isShowing()).toBe(true);
      expect(player.waitedSeconds()).toBeLessThan(1.5);
    }
    await simulation.pass(400, () => state(id) === "complete");
    expect(state(id)).toBe("complete");
    expect(simulation.segmentsMadeTwice()).toBe(0);
    expect(simulation.framesMade() / timeline.frameCount).toBeLessThan(1.02);
  });
});

describe("places for work", () => {
  it("go to a viewer at once; background work stops in mid-segment and goes on by itself", async () => {
    const { world, simulation, trigger, state } = await begin(300);
    await using _ = world;
    const background = await trigger("a", "background");
    await simulation.pass(10);
    expect(state(background)).toBe("running");
    const watched = await trigger("b");
    const { leave } = simulation.play(watched, 0);
    await simulation.pass(0.2);
    expect(state(background)).toBe("queued");
    expect(world.runs[0]?.told).toEqual(["pause"]);
    await simulation.pass(20);
    leave();
    await simulation.pass(200, () => state(watched) === "complete");
    expect(world.runs[0]?.told).toEqual(["pause", "resume"]);
    await simulation.pass(200, () => state(background) === "complete");
    expect([state(watched), state(background)]).toEqual(["complete", "complete"]);
    expect(simulation.segmentsMadeTwice()).toBe(0);
  });

  it("are left to who waits alone, even by one who watches and has enough for now", async () => {
    const { world, simulation, trigger, state } = await begin(600, steady, { maxStreams: 2 });
    await using _ = world;
    const first = await trigger("a");
    const { player } = simulation.play(first, 0);
    await simulation.pass(8);
    expect(world.streams.status(first).leadSeconds).toBeGreaterThan(10);
    const second = await trigger("b");
    const waiting = simulation.play(second, 0).player;
    await simulation.pass(0.2);
    let beside = 0;
    await simulation.pass(3, () => {
      if (!waiting.isShowing() && state(first) === "running") beside += 1;
      return waiting.isShowing();
    });
    expect(beside).toBe(0);
    // All of the machine: a third of the time that the segment lasts.
    expect(waiting.waitedSeconds()).toBeLessThan(1.3);
    await simulation.pass(60);
    expect(player.stalledSeconds() + waiting.stalledSeconds()).toBe(0);
    expect([state(first), state(second)]).toEqual(["running", "running"]);
  });

  it("are left to a viewer alone until he has something ready", async () => {
    const { world, simulation, trigger, state } = await begin(600, steady, { maxStreams: 2 });
    await using _ = world;
    const background = await trigger("a", "background");
    await simulation.pass(5);
    const watched = await trigger("b");
    simulation.play(watched, 0);
    await simulation.pass(5);
    expect(state(background)).toBe("queued");
    await simulation.pass(30, () => state(background) === "running");
    expect(state(background)).toBe("running");
    expect(world.streams.status(watched).leadSeconds).toBeGreaterThan(25);
  });

  it("go to viewers by what they have ready, then to the next episode, then to the background", async () => {
    const { world, simulation, trigger, state } = await begin(120);
    await using _ = world;
    const names = ["background", "next", "viewer"] as const;
    const ids: string[] = [];
    for (const name of names) ids.push(await trigger(name, name));
    const ends: string[] = [];
    world.streams.subscribe((event) => {
      if (event.type === "status" && event.status.state === "complete") {
        ends.push(event.status.title);
      }
    });
    await simulation.pass(300, () => ids.every((id) => state(id) === "complete"));
    expect([...new Set(ends)]).toEqual(["viewer", "next", "background"]);
  });

  it("leave as many runs parked as there are places, and none for ever", async () => {
    const { world, simulation, trigger, state } = await begin(600);
    await using _ = world;
    for (const name of ["a", "b", "c"]) {
      await trigger(name);
      await simulation.pass(11);
    }
    const parked = () => world.runs.filter(({ told }) => told.at(-1) === "pause").length;
    expect(world.runs.map(({ isCancelled }) => isCancelled)).toContain(true);
    expect(parked()).toBe(1);
    const paused = await trigger("d");
    await simulation.pass(11);
    await world.streams.pause(paused);
    world.clock.advance(601_000);
    await simulation.pass(1);
    expect(state(paused)).toBe("paused");
    expect(parked()).toBe(0);
  });

  it("are not kept by a film that is paused", async () => {
    const { world, simulation, trigger, state } = await begin(300);
    await using _ = world;
    const first = await trigger("a");
    await simulation.pass(5);
    const second = await trigger("b", "background");
    await simulation.pass(1);
    expect(state(second)).toBe("queued");
    await world.streams.pause(first);
    await simulation.pass(1);
    expect([state(first), state(second)]).toEqual(["paused", "running"]);
    await world.streams.resume(first);
    await simulation.pass(1);
    expect([state(first), state(second)]).toEqual(["running", "queued"]);
  });

  it("are given to a stream that gets a viewer, and taken when it has none any more", async () => {
    const { world, simulation, trigger, state } = await begin(600);
    await using _ = world;
    const first = await trigger("a", "background");
    const second = await trigger("b", "background");
    await simulation.pass(5);
    expect([state(first), state(second)]).toEqual(["running", "queued"]);
    const { leave } = simulation.play(second, 0);
    await simulation.pass(1);
    expect([state(first), state(second)]).toEqual(["queued", "running"]);
    leave();
    await simulation.pass(1);
    expect(world.streams.status(second).priority).toBe("background");
    expect([state(first), state(second)]).toEqual(["queued", "running"]);
  });
});

describe("the speed of a run", () => {
  it("is noted when it is known, of one that has the machine alone", async () => {
    const { world, simulation, trigger } = await begin(600, steady, { maxStreams: 2 });
    await using _ = world;
    await trigger("a", "background");
    await simulation.pass(2);
    expect(world.speeds).toEqual([]);
    await simulation.pass(8);
    expect(world.speeds.at(-1)).toEqual(["net", 72]);
    await trigger("b", "background");
    await simulation.pass(1);
    const { length } = world.speeds;
    await simulation.pass(10);
    expect(world.speeds).toHaveLength(length);
  });
});

describe("a machine that gets slow", () => {
  /** From 40 to 160 seconds something else wants the machine. */
  const throttled: SpeedOf = (model, atSeconds) => {
    const isBusy = atSeconds > 40 && atSeconds < 160;
    if (model === "net") return isBusy ? 0.4 : 2;
    return isBusy ? 2.5 : 10;
  };

  it("lets nobody stall, and makes the plain part again by the network when he is gone", async () => {
    const { world, timeline, simulation, trigger, state } = await begin(400, throttled);
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    const { player, leave } = simulation.play(id, 0);
    await simulation.pass(230);
    expect(player.stalledSeconds()).toBe(0);
    expect(madeBy(world, id).map(({ model }) => model)).toContain("lanczos");
    const plain = madeBy(world, id)
      .filter(({ model }) => model === "lanczos")
      .reduce((sum, { from, to }) => sum + to - from, 0);
    leave();
    await simulation.pass(400, () => state(id) === "complete");
    expect(madeBy(world, id)).toMatchObject([{ from: 0, to: 200, model: "net" }]);
    // It takes a moment until the rung changes for his leaving.
    const { segmentsRemade: remade } = world.streams.status(id);
    expect(remade).toBeGreaterThanOrEqual(plain);
    expect(remade).toBeLessThan(plain + 55);
    expect(simulation.segmentsMadeTwice()).toBe(0);
    const remadeFrames = remade * timeline.framesPerSegment;
    expect((simulation.framesMade() - remadeFrames) / timeline.frameCount).toBeLessThan(1.02);
  });

  it("replaces nothing that a viewer may hold or ask for soon", async () => {
    const { world, simulation, trigger, state } = await begin(400, throttled);
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    const { player } = simulation.play(id, 0);
    await simulation.pass(600, () => {
      for (const run of world.runs.filter((each) => each.isReplacing && each.isWorking)) {
        const distance = run.order.fromSegment * 2 - player.seconds();
        if (Math.abs(distance) < 60) throw new Error(`replaced ${distance} s from a viewer`);
      }
      return state(id) === "complete";
    });
    expect(state(id)).toBe("complete");
    expect(world.runs.some(({ isReplacing }) => isReplacing)).toBe(true);
  });

  it("leaves the plain part as it is when that is what is wanted", async () => {
    const { world, simulation, trigger, state } = await begin(400, throttled, { remakes: false });
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    simulation.play(id, 0);
    await simulation.pass(500, () => state(id) === "complete");
    expect(madeBy(world, id).map(({ model }) => model)).toContain("lanczos");
    expect(world.streams.status(id).segmentsRemade).toBe(0);
  });

  it("does not wait for ever for a network that it cannot use", async () => {
    const { world, simulation, trigger, state } = await begin(120, (model) =>
      model === "net" ? 0.1 : 10,
    );
    await using _ = world;
    const id = await trigger("a");
    await simulation.pass(1);
    simulation.play(id, 0);
    await simulation.pass(200, () => state(id) === "complete");
    expect(state(id)).toBe("complete");
    expect(madeBy(world, id).at(-1)?.model).toBe("lanczos");
  });
});
