import { expect, it } from "vitest";
import { makeWorld, type FakeWorld } from "./testing/fake-world.ts";
import { film, timelineOf } from "./testing/films.ts";

/** Somebody watches a film from its beginning on, which is made. */
async function openWatched(maxStreams = 2): Promise<{ world: FakeWorld; id: string }> {
  const world = await makeWorld({ maxStreams });
  world.timeline = timelineOf(100);
  const { id } = await world.streams.trigger(film("a"));
  world.streams.noteAsked(id, 0, "tv");
  (await world.run(0)).publish(0, 1);
  return { world, id };
}

it("the run that a viewer has left makes room for the next one where that would wait for a process", async () => {
  const { world, id } = await openWatched();
  await using _ = world;
  world.isReady = false;
  world.streams.noteAsked(id, 40, "tv");
  expect((await world.run(1)).order).toMatchObject({ fromSegment: 40 });
  expect(world.runs[0]?.told).toEqual(["pause", "cancel"]);
});

it("it is parked where another worker is ready", async () => {
  const { world, id } = await openWatched();
  await using _ = world;
  world.streams.noteAsked(id, 40, "tv");
  expect((await world.run(1)).order).toMatchObject({ fromSegment: 40 });
  expect(world.runs[0]?.told).toEqual(["pause"]);
});

it("a parked run that another viewer waits for is kept", async () => {
  const { world, id } = await openWatched(1);
  await using _ = world;
  world.runs[0]?.publish(1, 30);
  world.streams.noteAsked(id, 60, "phone");
  (await world.run(1)).publish(60, 61);
  expect(world.runs[0]?.told).toEqual(["pause"]);
  world.isReady = false;
  world.streams.noteAsked(id, 80, "phone");
  expect((await world.run(2)).order).toMatchObject({ fromSegment: 80 });
  expect(world.runs.map(({ isCancelled }) => isCancelled)).toEqual([false, true, false]);
});
