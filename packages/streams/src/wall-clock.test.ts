import { expect, it } from "vitest";
import { makeWorld } from "./testing/fake-world.ts";
import { film, timelineOf } from "./testing/films.ts";

const HOUR_MS = 3_600_000;

it.each([HOUR_MS, -HOUR_MS])(
  "who watches stays where they are, and what works goes on, when the time of day is set by %i ms",
  async (byMs) => {
    let aheadMs = 0;
    await using world = await makeWorld({ wallAheadMs: () => aheadMs });
    world.timeline = timelineOf(100);
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    world.streams.reportPlayhead(id, "tv", 1, false);
    world.clock.advance(4_000);
    run.publish(0, 12);
    aheadMs = byMs;
    run.publish(12, 20);
    expect(world.streams.viewerSeconds(id, "tv")).toBe(5);
    const { viewers, state, leadSeconds } = world.streams.status(id);
    expect({ viewers, state, leadSeconds }).toEqual({
      viewers: 1,
      state: "running",
      leadSeconds: 5,
    });
  },
);
