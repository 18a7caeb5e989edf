import { describe, expect, it } from "vitest";
import { PLAIN_SCALER, UpreelError } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import type { FakeFolder } from "./testing/fake-folder.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { NETWORK, film, timelineOf } from "./testing/films.ts";

const TWO_RUNGS = [
  { rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: 3 },
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 10 },
] as const;

describe("a run that fails", () => {
  it("is tried again from the first segment that is missing", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const first = await world.run(0);
    first.publish(0, 4);
    first.fail();
    const second = await world.run(1);
    expect(second.order).toMatchObject({ fromSegment: 4, toSegment: 10 });
    second.finish();
    await world.state(id, "complete");
    expect(world.streams.status(id).reason).toBeUndefined();
  });

  it("is given up after three in a row without a segment, and one segment begins the count anew", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    for (let n = 0; n < 2; n++) (await world.run(n)).fail();
    const good = await world.run(2);
    good.publish(0, 1);
    good.fail();
    for (let n = 3; n < 6; n++) (await world.run(n)).fail("decoder_failed");
    await world.state(id, "failed");
    expect(world.runs).toHaveLength(6);
    expect(world.streams.status(id).reason).toMatchObject({ code: "decoder_failed" });
    await eventually("end", () => world.folder(id).calls.includes("endBroadcast"));
  });

  it("was killed from outside, again and again: the film is not given up, nor a picture of it", async () => {
    await using world = await makeWorld({ ladder: TWO_RUNGS });
    await world.streams.trigger(film("a"));
    for (let n = 0; n < 5; n++) (await world.run(n)).beKilled();
    const sixth = await world.run(5);
    expect(sixth.order.rung.model.id).toBe(NETWORK.id);
    // A later segment is there: still the missing ones are made, with pictures.
    sixth.publish(4, 5);
    sixth.beKilled("worker_lost");
    for (let n = 6; n < 9; n++) (await world.run(n)).beKilled();
    const last = await world.run(9);
    expect(last.order).toMatchObject({ fromSegment: 0, toSegment: 4, fillsHole: false });
  });

  it("is given up when all are killed, the last ones by what asks least of the machine", async () => {
    await using world = await makeWorld({ ladder: TWO_RUNGS });
    const { id } = await world.streams.trigger(film("a"));
    for (let n = 0; n < 12; n++) (await world.run(n)).beKilled("worker_lost");
    await world.state(id, "failed");
    expect(world.runs).toHaveLength(12);
    const models = world.runs.map(({ order }) => order.rung.model.id);
    expect([models[5], models[6]]).toEqual([NETWORK.id, PLAIN_SCALER.id]);
  });

  it("counts a worker that cannot be started", async () => {
    await using world = await makeWorld();
    let starts = 0;
    world.beforeStart = () => Promise.reject(new Error(`start ${++starts}`));
    const { id } = await world.streams.trigger(film("a"));
    await world.state(id, "failed");
    expect(starts).toBe(3);
  });

  it("is not repeated for ever when it claims to have gone well but made nothing", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    for (let n = 0; n < 3; n++) (await world.run(n)).end({ why: "finished", frames: 120 });
    await world.state(id, "failed");
    expect(world.runs).toHaveLength(3);
  });

  it("makes a segment again that did not pass the check", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    world.folder(id).rejected.set(3, { code: "encoder_failed", message: "too short" });
    run.publish(0, 3);
    run.publish(4, 10);
    run.end({ why: "finished", frames: 120 });
    const again = await world.run(1);
    expect(again.order).toMatchObject({ fromSegment: 3, toSegment: 4 });
    again.finish();
    await world.state(id, "complete");
  });

  it("encodes sound that left a segment without when it was copied", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    expect(run.order.encodesSound).toBe(false);
    world.folder(id).rejected.set(3, { code: "sound_missing", message: "segment lacks sound" });
    run.publish(0, 3);
    run.end({ why: "finished", frames: 120 });
    const again = await world.run(1);
    expect(again.order).toMatchObject({ fromSegment: 3, encodesSound: true });
    again.finish();
    await world.state(id, "complete");
  });

  it("fails at once when the disk is full", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 3);
    world.folder(id).rejected.set(3, { code: "disk_full", message: "no room" });
    run.fail("encoder_failed");
    await world.state(id, "failed");
    expect(world.streams.status(id).reason).toMatchObject({ code: "disk_full" });
    expect(world.runs).toHaveLength(1);
  });

  it("fails at once when the disk has no room for its folder", async () => {
    await using world = await makeWorld();
    let folder: FakeFolder | undefined;
    world.beforePlan = async () => {
      [folder] = world.folders.values();
      if (folder !== undefined) folder.unwatchable = new UpreelError("disk_full", "no room");
    };
    const { id } = await world.streams.trigger(film("a"));
    await world.state(id, "failed");
    expect(world.streams.status(id).reason).toMatchObject({ code: "disk_full" });
    expect(world.runs).toHaveLength(0);
    expect(folder?.listenerCount).toBe(0);
  });

  it("is ended when its segments are not published any more", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 2);
    world.folder(id).rejected.set(2, { code: "disk_full", message: "no room" });
    run.progress(70);
    world.clock.advance(14_000);
    run.progress(80);
    expect(run.isCancelled).toBe(false);
    world.clock.advance(2_000);
    run.progress(118);
    expect(run.isCancelled).toBe(true);
    await world.state(id, "failed");
    expect(world.streams.status(id).reason).toMatchObject({ code: "disk_full" });
  });

  it("is left alone while it is slow or paused", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 2);
    world.clock.advance(60_000);
    run.progress(36);
    await world.streams.pause(id);
    world.clock.advance(3_600_000);
    run.progress(80);
    await world.streams.resume(id);
    run.progress(90);
    expect(run.isCancelled).toBe(false);
  });
});

describe("a source that ends early", () => {
  it("makes the film complete up to there, and says so", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 5);
    run.end({ why: "source_truncated", frames: 60 });
    (await world.run(1)).end({ why: "source_truncated", frames: 0 });
    await world.state(id, "complete");
    expect(world.streams.status(id)).toMatchObject({
      framesTotal: 60,
      segmentsTotal: 5,
      reason: { code: "source_truncated", expected: "120 pictures", got: "60" },
    });
    expect(world.folder(id).timeline?.frameCount).toBe(60);
  });

  it("is cut later when a segment of that run was rejected", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 3);
    run.publish(4, 5);
    world.folder(id).rejected.set(3, { code: "encoder_failed", message: "too short" });
    run.end({ why: "source_truncated", frames: 60 });
    const again = await world.run(1);
    expect(again.order).toMatchObject({ fromSegment: 3, toSegment: 4 });
    again.finish();
    const rest = await world.run(2);
    expect(rest.order.fromSegment).toBe(5);
    rest.end({ why: "source_truncated", frames: 0 });
    await world.state(id, "complete");
    expect(world.streams.status(id)).toMatchObject({ framesTotal: 60, segmentsTotal: 5 });
  });

  it("leads back to the missing part when a viewer had jumped beyond its end", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    await world.run(0);
    world.runs[0]?.progress(1, 1);
    world.streams.noteAsked(id, 8, "tv");
    const beyond = await world.run(1);
    expect(beyond.order.fromSegment).toBe(8);
    beyond.end({ why: "source_truncated", frames: 0 });
    (await world.run(2)).end({ why: "source_truncated", frames: 0 });
    const [back] = world.runs;
    if (back === undefined) throw new Error("no run");
    await eventually("it goes on", () => back.told.includes("resume"));
    expect(back.isCancelled).toBe(false);
    back.publish(0, 5);
    back.end({ why: "source_truncated", frames: 60 });
    (await world.run(3)).end({ why: "source_truncated", frames: 0 });
    await world.state(id, "complete");
  });

  it("fails when there is no picture at all", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).end({ why: "source_truncated", frames: 0 });
    (await world.run(1)).end({ why: "source_truncated", frames: 0 });
    await world.state(id, "failed");
    expect(world.streams.status(id).reason?.code).toBe("source_unreadable");
  });
});

describe("a viewer who jumps", () => {
  it("moves the run there; the part left out is made afterwards", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(100);
    const { id } = await world.streams.trigger(film("a"));
    const first = await world.run(0);
    first.publish(0, 2);
    world.streams.noteAsked(id, 50, "tv");
    expect(first.told).toEqual(["pause"]);
    const there = await world.run(1);
    expect(there.order).toMatchObject({ fromSegment: 50, toSegment: 100 });
    there.finish();
    await eventually("the first one goes on", () => first.told.includes("resume"));
    first.publish(2, 50);
    // It has met what the other one made.
    expect(first.isCancelled).toBe(true);
    await world.state(id, "complete");
  });

  it("waits for a run that is nearly there", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 2, 100);
    world.streams.noteAsked(id, 5, "tv");
    expect(run.isCancelled).toBe(false);
  });

  it("is followed when he jumps while the run is being started", async () => {
    await using world = await makeWorld();
    world.timeline = timelineOf(100);
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    world.beforeStart = () => {
      isAsked = true;
      return gate.promise;
    };
    const { id } = await world.streams.trigger(film("a"));
    await eventually("its start", () => isAsked);
    world.streams.noteAsked(id, 60, "tv");
    gate.resolve();
    const there = await world.run(1);
    expect(there.order.fromSegment).toBe(60);
  });

  it("asks in vain for a segment beyond the film", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    world.streams.noteAsked(id, 10, "tv");
    expect(run.isCancelled).toBe(false);
  });
});

describe("the ladder of a film with a viewer", () => {
  const ladder = [
    { rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: undefined },
    { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 8 },
  ];

  it("steps down when the network falls behind and climbs on a long lead, in one run", async () => {
    await using world = await makeWorld({ ladder, remakes: false });
    world.timeline = timelineOf(4_000);
    const { id } = await world.streams.trigger(film("a"));
    let hasLoad = true;
    const run = await world.run(0);
    expect(run.order.otherRungs?.map(({ model }) => model.id)).toEqual([PLAIN_SCALER.id]);
    for (let k = 0; k < 4_000; k++) {
      const speed = run.model === "net" ? (hasLoad ? 0.5 : 2) : 8;
      world.clock.advance(500 / speed);
      world.streams.noteAsked(id, Math.max(0, k - 1), "tv");
      run.publish(k, k + 1, 24 * speed);
      if (run.model === "lanczos") hasLoad = false;
    }
    run.end({ why: "finished", frames: 1 });
    await world.state(id, "complete");
    expect(world.runs).toHaveLength(1);
    expect(run.rungs.map(({ model }) => model)).toEqual(["net", "lanczos", "net"]);
    const { made } = world.folder(id).saved.at(-1) ?? { made: [] };
    expect(made.map(({ model }) => model)).toEqual(["net", "lanczos", "net"]);
    expect(made.map(({ from }) => from)).toEqual(run.rungs.map(({ fromSegment }) => fromSegment));
    expect(made.at(-1)?.to).toBe(4_000);
  });

  it("notes by what a segment is made though it is published before the run tells of it", async () => {
    await using world = await makeWorld({ ladder, remakes: false });
    world.timeline = timelineOf(40);
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 5);
    run.rungs = [...run.rungs, { model: "lanczos", provider: "ffmpeg", fromSegment: 3 }];
    run.progress(60);
    expect(world.streams.status(id)).toMatchObject({ model: "lanczos", provider: "ffmpeg" });
    run.publish(5, 40);
    run.end({ why: "finished", frames: 1 });
    await world.state(id, "complete");
    expect(world.folder(id).saved.at(-1)?.made).toEqual([
      { from: 0, to: 3, model: "net", provider: "cpu" },
      { from: 3, to: 40, model: "lanczos", provider: "ffmpeg" },
    ]);
  });

  it("is at work, and waits for no place, while all is made and its viewer holds what a better network makes again", async () => {
    await using world = await makeWorld({ ladder });
    world.timeline = timelineOf(40);
    const { id } = await world.streams.trigger(film("a"));
    world.streams.noteAsked(id, 0, "tv");
    const run = await world.run(0);
    run.rungs = [...run.rungs, { model: "lanczos", provider: "ffmpeg", fromSegment: 3 }];
    run.publish(0, 40);
    run.end({ why: "finished", frames: 480 });
    await eventually("it is over", () =>
      world.log.entries.some(({ message }) => message.includes("finished")),
    );
    expect(world.streams.status(id)).toMatchObject({ state: "running", viewers: 1 });
    world.streams.viewerLeft(id, "tv");
    expect((await world.run(1)).order).toMatchObject({ fromSegment: 3, toSegment: 40 });
  });

  it("leaves what cannot be loaded, and does not try it again", async () => {
    await using world = await makeWorld({ ladder, remakes: false });
    world.timeline = timelineOf(400);
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.refuses = true;
    for (let k = 0; k < 60; k++) {
      world.clock.advance(1_000);
      world.streams.noteAsked(id, k, "tv");
      run.publish(k, k + 1, 12);
    }
    expect([run.asked, run.model]).toEqual([["lanczos"], "net"]);
    expect(
      world.log.entries.filter(({ message }) => message.includes("cannot be used")),
    ).toHaveLength(1);
  });

  it("takes another run for a network of other frames, and lets the one before end first: what it has made may still be published", async () => {
    const model = { ...NETWORK, id: "planes", kind: "planes", pixelFormat: "gbrp" } as const;
    const mine = { rung: { model, provider: "cpu" }, expectedSpeed: 6 };
    await using world = await makeWorld({ ladder: [mine, ...ladder] });
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.obeysCancel = false;
    run.progress(1, 5);
    world.clock.advance(4_000);
    run.publish(0, 1, 5);
    expect(run.isCancelled).toBe(true);
    await new Promise(setImmediate);
    expect(world.runs).toHaveLength(1);
    expect(world.streams.status(id).state).toBe("starting");
    run.folder.publish(1);
    run.end({ why: "cancelled", frames: 24 });
    expect((await world.run(1)).order.fromSegment).toBe(2);
  });

  it("does not take a pause for slowness", async () => {
    await using world = await makeWorld({ ladder });
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 2, 40);
    await world.streams.pause(id);
    run.progress(24, 0);
    await world.streams.resume(id);
    run.folder.publish(2);
    expect(run.isCancelled).toBe(false);
  });

  it("takes the best rung while nobody watches, and what keeps up when one comes", async () => {
    await using world = await makeWorld({ ladder });
    world.timeline = timelineOf(400);
    await world.streams.trigger(film("a"));
    const run = await world.run(0);
    world.clock.advance(60_000);
    run.publish(0, 1, 8);
    expect(run.isCancelled).toBe(false);
    await world.streams.trigger(film("a"));
    world.clock.advance(4_000);
    run.publish(1, 2, 8);
    expect([run.isCancelled, run.model]).toEqual([false, "lanczos"]);
  });
});
