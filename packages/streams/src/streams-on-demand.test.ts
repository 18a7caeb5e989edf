import { setImmediate as nextTurn } from "node:timers/promises";
import { eventually } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { type FakeWorld, makeWorld } from "./testing/fake-world.ts";
import { film, timelineOf } from "./testing/films.ts";

const fail = async (world: FakeWorld, id: string): Promise<void> => {
  world.beforeStart = () => Promise.reject(new Error("no worker"));
  world.runs[0]?.fail();
  await world.state(id, "failed");
  world.beforeStart = () => Promise.resolve();
};

describe("a segment that is asked for of a stream that nobody makes", () => {
  it("starts a cancelled stream again, at that segment", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(100);
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 2);
    await world.streams.cancel(id);
    world.streams.noteAsked(id, 1, "tv");
    expect(world.streams.status(id).state).toBe("cancelled");
    world.streams.noteAsked(id, 40, "tv");
    expect((await world.run(1)).order).toMatchObject({ fromSegment: 40, toSegment: 100 });
  });

  it("does not change the live playlist that has ended; a trigger begins a new one", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 2);
    await world.streams.cancel(id);
    const { calls, saved } = world.folder(id);
    world.streams.noteAsked(id, 4, "tv");
    await world.run(1);
    const restarts = (): string[] => calls.filter((call) => call.startsWith("restart"));
    expect(restarts()).toEqual([]);
    world.clock.advance(5_000);
    const nowMs = world.clock.nowMs();
    expect((await world.streams.trigger(film("a"))).status).toBe("streaming");
    await world.streams.trigger(film("a"));
    expect(restarts()).toEqual([`restartBroadcast ${nowMs}`]);
    expect(saved.at(-1)?.broadcastStartedAtMs).toBe(nowMs);
  });

  it("starts nothing past the end of the film", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(100);
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).finish();
    await world.state(id, "complete");
    world.streams.noteAsked(id, 100, "tv");
    // Waits behind what a start would do.
    await world.streams.setPinned(id, true);
    expect(world.folder(id).calls.filter((call) => call.startsWith("restart"))).toEqual([]);
  });

  it("starts a failed stream again, but not without a rest, and not one that is paused", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    await world.run(0);
    await fail(world, id);
    const before = world.runs.length;
    world.streams.noteAsked(id, 3, "tv");
    world.clock.advance(9_000);
    world.streams.noteAsked(id, 3, "tv");
    // What a start would lead to needs a turn.
    await nextTurn();
    expect(world.streams.status(id).state).toBe("failed");
    world.clock.advance(1_000);
    world.streams.noteAsked(id, 3, "tv");
    (await world.run(before)).progress(3);
    await world.streams.pause(id);
    world.streams.noteAsked(id, 8, "tv");
    expect(world.streams.status(id).state).toBe("paused");
  });

  it("starts a finished one again whose archive was deleted", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).finish();
    await world.state(id, "complete");
    world.streams.noteAsked(id, 3, "tv");
    expect(world.streams.status(id).state).toBe("complete");
    world.folder(id).ready.clear();
    world.streams.noteAsked(id, 3, "tv");
    expect((await world.run(1)).order.fromSegment).toBe(3);
  });
});

describe("a run whose segments come before its figures", () => {
  it("is not taken to be far behind its viewer", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(100);
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    for (let k = 0; k < 16; k++) world.folder(id).publish(k);
    world.streams.noteAsked(id, 15, "tv");
    await nextTurn();
    expect(run.isWorking).toBe(true);
    expect(world.runs).toHaveLength(1);
  });
});

describe("a hole in a source", () => {
  it("does not end the film when there are pictures after it: a still one stands there", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(20);
    const { id } = await world.streams.trigger(film("a"));
    const first = await world.run(0);
    first.publish(0, 2);
    world.streams.noteAsked(id, 12, "tv");
    (await world.run(1)).finish();
    await eventually("the first one goes on", () => first.told.includes("resume"));
    first.publish(2, 6);
    first.end({ why: "source_truncated", frames: 6 * 12 + 5 });
    const still = await world.run(2);
    expect(still.order).toMatchObject({ fromSegment: 6, toSegment: 12, fillsHole: true });
    still.finish();
    await world.state(id, "complete");
    const { reason, framesTotal } = world.streams.status(id);
    expect(framesTotal).toBe(240);
    expect(reason?.code).toBe("source_damaged");
    expect(reason?.message).toContain("from 00:00:03 on");
    expect(world.folder(id).saved.at(-1)?.made).toContainEqual(
      expect.objectContaining({ from: 6, to: 12, model: "still" }),
    );
  });

  it("is also where the decoder fails again and again", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(20);
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 2);
    world.streams.noteAsked(id, 12, "tv");
    const later = await world.run(1);
    world.runs[0]?.fail("decoder_failed");
    later.finish();
    for (const n of [2, 3]) (await world.run(n)).fail("decoder_failed");
    const still = await world.run(4);
    expect(still.order).toMatchObject({ fromSegment: 2, toSegment: 12, fillsHole: true });
    still.finish();
    await world.state(id, "complete");
    expect(world.streams.status(id).reason?.code).toBe("source_damaged");
  });
});

describe("when the last viewer has stopped", () => {
  const watch = async (world: FakeWorld) => {
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).progress(3);
    world.streams.reportPlayhead(id, "session 1", 0, false);
    world.streams.reportPlayhead(id, "session 2", 1, true);
    world.streams.viewerLeft(id, "session 1");
    expect(world.streams.status(id)).toMatchObject({
      ...{ state: "running", viewers: 1, priority: "viewer" },
    });
    world.streams.viewerLeft(id, "session 2");
    return id;
  };

  it("the film is finished in the background", async () => {
    await using world = await makeWorld();
    const id = await watch(world);
    expect(world.streams.status(id)).toMatchObject({ state: "running", priority: "background" });
    expect(world.folder(id).saved.at(-1)?.priority).toBe("background");
    await world.streams.trigger(film("a"));
    expect(world.streams.status(id).priority).toBe("viewer");
  });

  for (const [onStop, state] of [
    ["pause", "paused"],
    ["cancel", "cancelled"],
  ] as const) {
    it(`the film is ${state} with ON_STOP=${onStop}`, async () => {
      await using world = await makeWorld({ onStop });
      const id = await watch(world);
      await world.state(id, state);
    });
  }

  it("what was wanted for later is made all the same, also with ON_STOP=cancel", async () => {
    await using world = await makeWorld({ onStop: "cancel" });
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).progress(3);
    await world.streams.resume(id, "background");
    world.streams.reportPlayhead(id, "page", 0, false, "original");
    // The original keeps nobody waiting; who plays the stream waits for what is not made.
    expect(world.streams.status(id)).toMatchObject({ viewers: 1, viewersWaiting: 0 });
    world.streams.reportPlayhead(id, "impatient", 8, true);
    expect(world.streams.status(id)).toMatchObject({ viewers: 2, viewersWaiting: 1 });
    world.streams.viewerLeft(id, "impatient");
    world.streams.viewerLeft(id, "page");
    world.streams.noteAsked(id, 0, "tv");
    world.clock.advance(121_000);
    expect(world.streams.status(id)).toMatchObject({ state: "running", priority: "background" });
  });

  it("that happens later when somebody may still be there who says nothing", async () => {
    await using world = await makeWorld({ onStop: "cancel" });
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 2);
    world.streams.noteAsked(id, 8, "tv");
    world.streams.reportPlayhead(id, "session", 0, false);
    world.streams.viewerLeft(id, "session");
    expect(world.streams.status(id).viewers).toBe(1);
    world.clock.advance(121_000);
    await world.state(id, "cancelled");
  });
});

describe("a stream that is removed", () => {
  it("is told of no more, though one who said that he stops was not the last", async () => {
    await using world = await makeWorld({ onStop: "cancel", maxStreams: 2 });
    const ids: string[] = [];
    for (const [n, name] of ["a", "b"].entries()) {
      const { id } = await world.streams.trigger(film(name));
      (await world.run(n)).publish(0, 2);
      world.streams.noteAsked(id, 1, "tv");
      world.streams.reportPlayhead(id, "session", 8, true);
      world.streams.viewerLeft(id, "session");
      ids.push(id);
    }
    const [a = "", b = ""] = ids;
    await world.streams.remove(a);
    world.clock.advance(121_000);
    await world.state(b, "cancelled");
    const told = world.events.filter(
      (event) => !(event.type === "status" && event.status.id === b),
    );
    expect(told.at(-1)).toEqual({ type: "removed", id: a });
    expect(world.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("a viewer's true position", () => {
  it("is what his lead is measured from, however far his player reads ahead", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 8);
    for (let k = 0; k < 8; k++) world.streams.noteAsked(id, k, "tv");
    world.clock.advance(10_000);
    expect(world.streams.status(id).leadSeconds).toBe(0.5);
    world.streams.reportPlayhead(id, "session", 1, true);
    expect(world.streams.status(id)).toMatchObject({ leadSeconds: 3, viewers: 1 });
  });
});
