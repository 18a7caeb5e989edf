import { makeTimeline } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { FakeFolder } from "./testing/fake-folder.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { film, plannedRecord } from "./testing/films.ts";
import { simulate } from "./testing/simulate.ts";

/** Ten minutes in segments of two seconds. */
const TIMELINE = { ...makeTimeline(24 * 600, { num: 24, den: 1 }), framesPerSegment: 48 };

async function begin(maxStreams = 1) {
  const world = await makeWorld({ maxStreams });
  world.timeline = TIMELINE;
  const simulation = simulate(world, TIMELINE, () => 3);
  return { ...world, world, simulation, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

describe("a film that somebody may play", () => {
  it("has its first segments made, unseen, and goes on from there when it is played", async () => {
    await using rig = await begin();
    const { world, simulation, streams } = rig;
    const id = await streams.prepare(film("a"), 100);
    await simulation.pass(10);
    const { ready } = world.folder(id);
    expect([ready.has(50), ready.has(51), ready.has(0)]).toEqual([true, true, false]);
    expect(ready.size).toBeLessThan(5);
    expect(world.runs.map(({ told }) => told.at(-1))).toEqual(["pause"]);
    expect([streams.list(), world.events]).toEqual([[], []]);

    expect(await streams.trigger({ ...film("a"), fromSeconds: 100 })).toMatchObject({ id });
    streams.reportPlayhead(id, "tv", 100, false);
    await simulation.pass(10);
    expect(world.runs).toHaveLength(1);
    expect(ready.has(60)).toBe(true);
    expect(streams.list()).toMatchObject([{ id, priority: "viewer" }]);
    await streams.dropPrepared(id);
    expect(streams.status(id).segmentsReady).toBeGreaterThan(10);
  });

  it("is behind all other work", async () => {
    await using rig = await begin(2);
    const { world, simulation, streams } = rig;
    const id = await streams.prepare(film("a"), 0);
    const { id: watched } = await streams.trigger(film("b"));
    simulation.play(watched, 0);
    await simulation.pass(4);
    expect(world.folder(id).ready.size).toBe(0);
    await simulation.pass(40);
    expect(world.folder(id).ready.size).toBeGreaterThan(1);
  });

  it("leaves nothing when it is not played", async () => {
    await using rig = await begin();
    const { world, simulation, streams } = rig;
    const id = await streams.prepare(film("a"), 0);
    await simulation.pass(10);
    await streams.dropPrepared(id);
    await streams.dropPrepared(id);
    expect(world.folder(id).calls).toContain("removed");
    expect([streams.list(), world.events]).toEqual([[], []]);
    expect(() => streams.status(id)).toThrow("no stream");
  });

  it("is left alone where it has a stream", async () => {
    await using rig = await begin();
    const { simulation, streams } = rig;
    const { id } = await streams.trigger({ ...film("a"), priority: "background" });
    await simulation.pass(1);
    expect(await streams.prepare(film("a"), 300)).toBe(id);
    await streams.dropPrepared(id);
    expect(streams.list()).toMatchObject([{ id, priority: "background" }]);
  });

  it("is forgotten by a gateway that starts anew", async () => {
    const folder = new FakeFolder();
    const record = plannedRecord({ state: "idle", prepared: true });
    folder.saved.push(record);
    await using world = await makeWorld({ recovered: [{ record, folder }] });
    expect(folder.calls).toContain("removed");
    expect(world.streams.list()).toEqual([]);
  });
});
