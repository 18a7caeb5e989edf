import type { ModelOrder } from "@upreel/core";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "@upreel/testkit";
import { FakeFolder } from "./testing/fake-folder.ts";
import { type FakeWorld, makeWorld } from "./testing/fake-world.ts";
import { film, plannedRecord } from "./testing/films.ts";

const states = (world: FakeWorld, id: string): string[] =>
  world.events
    .flatMap((event) => (event.type === "status" && event.status.id === id ? [event.status] : []))
    .map(({ state }) => state)
    .filter((state, i, all) => state !== all[i - 1]);

describe("a triggered film", () => {
  it("goes from queued to complete, with an archive, and is told of at every step", async () => {
    await using world = await makeWorld();
    const { status, id } = await world.streams.trigger(film("a"));
    expect(status).toBe("started");
    (await world.run(0)).finish();
    await world.state(id, "complete");
    expect(states(world, id)).toEqual(["queued", "starting", "running", "starting", "complete"]);
    const record = world.folder(id).saved.at(-1);
    expect(record).toMatchObject({ state: "complete", archive: "/upscaled/film.ts" });
    expect(record?.made).toEqual([{ from: 0, to: 10, model: "lanczos", provider: "ffmpeg" }]);
    expect(world.streams.status(id)).toMatchObject({ framesDone: 120, ratio: 1, etaSeconds: 0 });
    expect(world.folder(id).listenerCount).toBe(0);
  });

  it("gets one run when it is triggered twice at once", async () => {
    await using world = await makeWorld();
    const [a, b] = await Promise.all([
      world.streams.trigger(film("a")),
      world.streams.trigger(film("a")),
    ]);
    expect([a.status, b.status]).toEqual(["started", "streaming"]);
    expect(b.id).toBe(a.id);
    await world.run(0);
    expect(world.folders.size).toBe(1);
    expect(world.runs).toHaveLength(1);
  });

  it("keeps what two choose for it at once", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    await Promise.all([
      world.streams.chooseModel(id, { model: "best" }),
      world.streams.chooseModel(id, { sharpness: 0.5 }),
      world.streams.chooseModel(id, { faces: 0.4 }),
    ]);
    expect(world.streams.status(id).faces).toBe(0.4);
    expect(world.streams.status(id).wanted).toEqual({ model: "best", sharpness: 0.5 });
    await world.streams.chooseModel(id, { sharpness: null });
    expect(world.streams.status(id).wanted).toEqual({ model: "best" });
    await world.streams.chooseModel(id, { faces: 0 });
    expect(world.streams.status(id).faces).toBeUndefined();
  });

  it("has the sharpness of the settings by choice, also if another was ordered with it", async () => {
    await using world = await makeWorld();
    const { profile, ...rest } = film("a");
    const { id } = await world.streams.trigger({
      ...rest,
      profile: { ...profile, sharpness: 0.2 },
    });
    const wanted = async (order: ModelOrder) => {
      await world.streams.chooseModel(id, order);
      return world.streams.status(id).wanted.sharpness;
    };
    expect(await wanted({ model: "best" })).toBe(0.2);
    expect(await wanted({ sharpness: null })).toBeUndefined();
    // It stays so where something else is chosen.
    expect(await wanted({ faces: 0.4 })).toBeUndefined();
    expect(await wanted({ sharpness: 0.7 })).toBe(0.7);
    expect(await wanted({ sharpness: null })).toBeUndefined();
  });

  it("is answered with its archive when it is complete, and made again when that is gone", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).finish();
    await world.state(id, "complete");
    expect(await world.streams.trigger(film("a"))).toEqual({
      status: "exists",
      id,
      archive: "/upscaled/film.ts",
    });
    world.folder(id).isArchiveThere = false;
    world.folder(id).ready.clear();
    expect((await world.streams.trigger(film("a"))).status).toBe("started");
    const again = await world.run(1);
    expect(again.order).toMatchObject({ fromSegment: 0, toSegment: 10 });
    expect(world.folder(id).saved.at(-1)?.archive).toBeUndefined();
  });

  for (const [state, end] of [
    ["failed", (world: FakeWorld) => failOnce(world)],
    ["cancelled", (world: FakeWorld, id: string) => world.streams.cancel(id)],
  ] as const) {
    it(`starts once more after it was ${state}, with a new broadcast, even when triggered twice`, async () => {
      await using world = await makeWorld();
      const { id } = await world.streams.trigger(film("a"));
      await world.run(0);
      await end(world, id);
      await world.state(id, state);
      await eventually("its broadcast ended", () =>
        world.folder(id).calls.includes("endBroadcast"),
      );
      const before = world.runs.length;
      world.clock.advance(60_000);
      const nowMs = world.clock.nowMs();
      const again = await Promise.all([
        world.streams.trigger(film("a")),
        world.streams.trigger(film("a")),
      ]);
      expect(again.map(({ status }) => status)).toEqual(["started", "streaming"]);
      await world.run(before);
      expect(world.runs).toHaveLength(before + 1);
      const { calls, saved } = world.folder(id);
      expect(calls.filter((call) => call.startsWith("restart"))).toEqual([
        `restartBroadcast ${nowMs}`,
      ]);
      expect(saved.at(-1)).toMatchObject({ broadcastStartedAtMs: nowMs });
      expect(saved.at(-1)?.reason).toBeUndefined();
    });
  }

  for (const [state, end] of [
    ["failed", (world: FakeWorld) => failOnce(world)],
    ["cancelled", (world: FakeWorld, id: string) => world.streams.cancel(id)],
  ] as const) {
    it(`that was ${state} is tried again by hand`, async () => {
      await using world = await makeWorld();
      const { id } = await world.streams.trigger(film("a"));
      await world.run(0);
      await end(world, id);
      await world.state(id, state);
      const before = world.runs.length;
      await world.streams.resume(id);
      (await world.run(before)).finish();
      await world.state(id, "complete");
      await world.streams.resume(id);
      expect(world.streams.status(id).state).toBe("complete");
    });
  }

  it("is refused when too many wait already, and let in when one of them is cancelled", async () => {
    await using world = await makeWorld({ maxQueued: 2 });
    const { id } = await world.streams.trigger(film("a"));
    await world.streams.trigger(film("b"));
    const refusal = { code: "queue_full", got: "2" };
    await expect(world.streams.trigger(film("c"))).rejects.toMatchObject(refusal);
    expect(world.streams.list()).toHaveLength(2);
    // Who is in already is not turned away.
    expect((await world.streams.trigger(film("b"))).status).toBe("queued");
    await world.streams.cancel(id);
    await world.streams.trigger(film("c"));
    await expect(world.streams.trigger(film("a"))).rejects.toMatchObject(refusal);
  });

  it("is not lost when it is triggered while it is being cancelled", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.obeysCancel = false;
    const cancelled = world.streams.cancel(id);
    const again = world.streams.trigger(film("a"));
    run.end({ why: "cancelled", frames: 0 });
    await cancelled;
    expect((await again).status).toBe("started");
    await world.run(1);
    expect(world.streams.status(id).state).toBe("running");
  });

  it("says why when its file cannot be planned", async () => {
    await using world = await makeWorld();
    world.beforePlan = () => Promise.reject(new Error("no such film"));
    const { id } = await world.streams.trigger(film("a"));
    await world.state(id, "failed");
    expect(world.streams.status(id).reason).toMatchObject({ message: "no such film" });
  });
});

async function failOnce(world: FakeWorld): Promise<void> {
  world.beforeStart = () => Promise.reject(new Error("no worker"));
  world.runs[0]?.fail();
  await eventually("it gave up", () => world.streams.list()[0]?.state === "failed");
  world.beforeStart = () => Promise.resolve();
}

describe("the queue", () => {
  it("runs MAX_STREAMS at once, the others in the order of their triggers", async () => {
    await using world = await makeWorld({ maxStreams: 2 });
    const answers = [];
    for (const name of ["a", "b", "c", "d"]) answers.push(await world.streams.trigger(film(name)));
    expect(answers.map(({ status }) => status)).toEqual([
      ...["started", "started"],
      ...["queued", "queued"],
    ]);
    await eventually("two runs", () => world.runs.length === 2);
    await world.state(answers[1]?.id ?? "", "running");
    world.runs[1]?.finish();
    await eventually("the third", () => world.runs.length === 3);
    expect(world.runs[2]?.order.source.path).toBe("/films/c.mkv");
    expect(world.streams.status(answers[3]?.id ?? "").state).toBe("queued");
  });

  it("lets go a film that is cancelled or paused while it waits, and takes it again", async () => {
    await using world = await makeWorld();
    const a = await world.streams.trigger(film("a"));
    const b = await world.streams.trigger(film("b"));
    const c = await world.streams.trigger(film("c"));
    await world.run(0);
    await world.streams.pause(b.id);
    await world.streams.cancel(c.id);
    expect(world.streams.status(b.id).state).toBe("paused");
    expect(world.streams.status(c.id).state).toBe("cancelled");
    expect(world.folder(b.id).saved.at(-1)?.state).toBe("paused");
    await world.streams.resume(b.id);
    expect(world.streams.status(b.id).state).toBe("queued");
    world.runs[0]?.finish();
    await world.state(a.id, "complete");
    await eventually("b's run", () => world.runs.length === 2);
    expect(world.runs[1]?.order.source.path).toBe("/films/b.mkv");
  });
});

describe("pause, cancel and removal", () => {
  it("pauses by backpressure, keeps that over a restart, and goes on at a trigger", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.progress(3);
    await world.streams.pause(id);
    expect(world.streams.status(id).state).toBe("paused");
    expect(world.folder(id).saved.at(-1)?.state).toBe("paused");
    expect((await world.streams.trigger(film("a"))).status).toBe("streaming");
    expect(run.told).toEqual(["pause", "resume"]);
    expect(world.folder(id).saved.at(-1)?.state).toBe("idle");
  });

  it("does not keep a worker for a film that is paused before it has made anything", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    await world.streams.pause(id);
    expect(run.isCancelled).toBe(true);
    expect(world.streams.status(id).state).toBe("paused");
    await world.streams.resume(id);
    await world.run(1);
    expect(world.streams.status(id).state).toBe("running");
  });

  for (const step of ["beforePlan", "beforeStart"] as const) {
    it(`cancels at once while it is starting (${step})`, async () => {
      await using world = await makeWorld();
      world[step] = (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        });
      const { id } = await world.streams.trigger(film("a"));
      await world.state(id, "starting");
      await world.streams.cancel(id);
      expect(world.streams.status(id)).toMatchObject({ state: "cancelled", reason: undefined });
      expect(world.folder(id).calls).toContain("endBroadcast");
    });
  }

  it("ends a run that began just after the cancel", async () => {
    await using world = await makeWorld();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    world.beforeStart = () => {
      begun.resolve();
      return gate.promise;
    };
    const { id } = await world.streams.trigger(film("a"));
    await begun.promise;
    const cancelled = world.streams.cancel(id);
    gate.resolve();
    await cancelled;
    expect(world.runs[0]?.isCancelled).toBe(true);
    expect(world.streams.status(id).state).toBe("cancelled");
  });

  it("removes a running film, and one triggered meanwhile begins anew after that", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    const old = world.folder(id);
    const gate = Promise.withResolvers<void>();
    old.removing = gate.promise;
    const removed = world.streams.remove(id);
    const again = world.streams.trigger(film("a"));
    await eventually("its removal", () => old.calls.includes("remove"));
    expect(run.isCancelled).toBe(true);
    expect(world.folder(id)).toBe(old);
    gate.resolve();
    expect(await removed).toBe(7);
    expect((await again).status).toBe("started");
    expect(world.folder(id)).not.toBe(old);
    expect(world.events).toContainEqual({ type: "removed", id });
  });

  it("lets nobody reach what is being removed: a stream of the same id is not written over", async () => {
    await using world = await makeWorld({ onStop: "cancel" });
    const { id } = await world.streams.trigger(film("a"));
    await world.run(0);
    const old = world.folder(id);
    const gate = Promise.withResolvers<void>();
    old.removing = gate.promise;
    const removed = world.streams.remove(id);
    await eventually("its removal", () => old.calls.includes("remove"));
    const { length } = old.saved;
    expect(() => world.streams.viewerLeft(id, "session")).toThrow("no stream");
    expect(() => world.streams.reportPlayhead(id, "session", 1, false)).toThrow("no stream");
    expect(world.streams.list()).toEqual([]);
    gate.resolve();
    await removed;
    expect(old.saved).toHaveLength(length);
    expect(world.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("knows no stream by another id", async () => {
    await using world = await makeWorld();
    const { streams } = world;
    for (const call of ["pause", "resume", "cancel", "remove", "folder"] as const) {
      await expect(streams[call]("x")).rejects.toMatchObject({ code: "stream_not_found" });
    }
    expect(() => streams.status("x")).toThrow("no stream x");
    expect(() => streams.noteAsked("x", 0, "tv")).toThrow("no stream x");
  });

  it("tells nothing while nothing changes", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).finish();
    await world.state(id, "complete");
    const { length } = world.events;
    // Each look at what time alone changes asks for the time.
    const asked = vi.spyOn(world.clock, "nowMs");
    await eventually("several looks", () => asked.mock.calls.length > 3);
    expect(world.events).toHaveLength(length);
  });

  it("goes on when its state cannot be saved at the end of a run", async () => {
    await using world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    const folder = world.folder(id);
    const save = folder.save.bind(folder);
    folder.save = () => {
      folder.save = save;
      throw new Error("no disk");
    };
    run.finish();
    await world.state(id, "complete");
    expect(world.log.entries.filter(({ level }) => level === "error")).toEqual([
      expect.objectContaining({ message: expect.stringContaining("could not be saved") }),
    ]);
  });

  it("goes on when one that listens to it fails", async () => {
    await using world = await makeWorld();
    world.streams.subscribe(() => {
      throw new Error("no");
    });
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).finish();
    await world.state(id, "complete");
  });
});

describe("a restart", () => {
  const recovered = (id: string, change: Parameters<typeof plannedRecord>[0]) => {
    const file = { path: `/films/${id}.mkv`, sizeBytes: 1, modifiedMs: 1 };
    const folder = new FakeFolder();
    const record = plannedRecord({ id, file, ...change });
    folder.saved.push(record);
    return { record, folder };
  };

  it("goes on with what was being made, and leaves what was paused, cancelled or failed", async () => {
    const idle = recovered("idle", { state: "idle" });
    for (const k of [0, 1, 2, 7]) idle.folder.ready.add(k);
    const others = (["paused", "cancelled", "failed", "complete"] as const).map((state) =>
      recovered(state, { state }),
    );
    const gone = recovered("gone", { reason: { code: "archive_gone", message: "deleted" } });
    await using world = await makeWorld({ maxStreams: 9, recovered: [...others, gone, idle] });
    const run = await world.run(0);
    expect(run.order).toMatchObject({ fromSegment: 3, toSegment: 7 });
    run.finish();
    await eventually("the rest", () => world.runs.length === 2);
    expect(world.runs[1]?.order).toMatchObject({ fromSegment: 8, toSegment: 10 });
    expect(world.streams.list().map(({ id, state }) => [id, state])).toEqual([
      ...others.map(({ record: { id } }) => [id, id]),
      ["gone", "idle"],
      ["idle", expect.stringMatching(/starting|running/)],
    ]);
  });

  it("does not forget that the source ends early", async () => {
    const reason = { code: "source_truncated", message: "ends early" } as const;
    const { record, folder } = recovered("cut", { reason });
    await using world = await makeWorld({ recovered: [{ record, folder }] });
    (await world.run(0)).finish();
    await world.state("cut", "complete");
    expect(world.streams.status("cut").reason).toEqual(reason);
  });

  it("leaves a running film idle on the disk", async () => {
    const world = await makeWorld();
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    await world[Symbol.asyncDispose]();
    expect(run.isCancelled).toBe(true);
    expect(world.folder(id).saved.at(-1)?.state).toBe("idle");
    expect(world.folder(id).calls).toContain("dispose");
  });
});

it("asks each of many streams for its needs once a look, not once for each of the others", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await using world = await makeWorld({ maxQueued: 200 });
    for (let n = 0; n < 100; n += 1) await world.streams.trigger(film(`f${n}`));
    await world.run(0);
    let reads = 0;
    for (const [, folder] of world.folders) {
      const { ready } = folder;
      Object.defineProperty(folder, "ready", { get: () => ((reads += 1), ready) });
    }
    vi.advanceTimersToNextTimer();
    expect(reads).toBeGreaterThanOrEqual(100);
    expect(reads).toBeLessThan(1000);
  } finally {
    vi.useRealTimers();
  }
});
