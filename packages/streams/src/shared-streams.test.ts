import type { RecoveredStream, StreamFolders } from "@upreel/core";
import { eventually, makeSharedLeases } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { FakeFolder } from "./testing/fake-folder.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { film, plannedRecord } from "./testing/films.ts";

const [A, B] = ["http://a:5000", "http://b:5000"];

describe("a gateway among several", () => {
  it("ends all work on a stream that it lost, deletes nothing, and says where it is", async () => {
    const shared = makeSharedLeases();
    const leases = shared.at(A);
    await using world = await makeWorld({ shared: { leases } });
    const { streams } = world;
    const { id } = await streams.trigger(film("a"));
    await leases.take(id, 0);
    const run = await world.run(0);
    expect(await streams.reach(id)).toEqual({ at: "here" });
    shared.end(A);
    await shared.at(B).take(id, 0);
    await eventually("it is let go", () => !streams.has(id));
    expect(run.told).toContain("cancel");
    await eventually("it is told", () => world.events.some(({ type }) => type === "left"));
    expect(world.folder(id).calls).toContain("dispose");
    expect(world.folder(id).calls).not.toContain("remove");
    expect(() => streams.status(id)).toThrow("another gateway upscales this film");
    expect(world.events.map(({ type }) => type)).not.toContain("removed");
  });

  it("goes on with what was another one's, when that is gone or somebody asks for it", async () => {
    const leases = makeSharedLeases();
    const own = leases.at(A);
    const found = new Map<string, RecoveredStream>();
    const take = (id: string): RecoveredStream => {
      const record = plannedRecord({ id, file: film(id).file });
      return { record, folder: new FakeFolder() };
    };
    const reach = async (id: string) => {
      const answer = await own.take(id, 0);
      if (answer.kind !== "own") return answer;
      return { kind: "found", stream: take(id) } as const;
    };
    const recover: StreamFolders["recover"] = async (onFound) => {
      for (const [id, stream] of found) {
        await own.take(id, 0);
        onFound?.(stream);
      }
      return [...found.values()];
    };
    await using world = await makeWorld({ shared: { leases: own, reach, recover } });
    const { streams } = world;
    const others = leases.at(B);
    await others.take("asked", 0);
    expect(await streams.reach("asked")).toEqual({ at: "there", address: B });
    await others.release("asked");
    // Whoever asks at the same moment finds one stream.
    expect(await Promise.all([1, 2, 3].map(() => streams.reach("asked")))).toEqual(
      Array.from({ length: 3 }, () => ({ at: "here" })),
    );
    expect(streams.ids()).toEqual(["asked"]);
    found.set("free", take("free"));
    leases.tellFree();
    await eventually("it is taken", () => streams.has("free"));
    expect(streams.status("free").state).not.toBe("idle");
  });

  it("has each that it finds at once, while it looks for others", async () => {
    const leases = makeSharedLeases();
    const own = leases.at(A);
    const others = Promise.withResolvers<void>();
    let looks = 0;
    const recover: StreamFolders["recover"] = async (onFound) => {
      if (looks++ !== 1) return [];
      const record = plannedRecord({ id: "first", file: film("first").file });
      await own.take("first", 0);
      onFound?.({ record, folder: new FakeFolder() });
      await others.promise;
      return [];
    };
    const reach = () => expect.unreachable("it was opened a second time");
    await using world = await makeWorld({ shared: { leases: own, reach, recover } });
    leases.tellFree();
    await eventually("it is taken", () => world.streams.has("first"));
    expect(await world.streams.reach("first")).toEqual({ at: "here" });
    // Lost again before all were looked for: nothing of it goes on here.
    leases.end(A);
    await eventually("it is let go", () => !world.streams.has("first"));
    others.resolve();
  });

  it("knows nothing more of one that another gateway deleted", async () => {
    const leases = makeSharedLeases();
    const own = leases.at(A);
    await using world = await makeWorld({ shared: { leases: own } });
    const { streams } = world;
    const { id } = await streams.trigger(film("a"));
    await own.take(id, 0);
    leases.end(A);
    await eventually("it is let go", () => !streams.has(id));
    expect(await streams.reach(id)).toEqual({ at: "here" });
    expect(() => streams.status(id)).toThrow("There is no stream");
  });

  it("makes no stream that another one has, or of which nobody can tell whose it is", async () => {
    const leases = makeSharedLeases();
    let reached: "other" | "unknown" = "other";
    const reach = async () =>
      reached === "other" ? ({ kind: reached, address: B } as const) : ({ kind: reached } as const);
    await using world = await makeWorld({ shared: { leases: leases.at(A), reach } });
    const { streams } = world;
    await expect(streams.trigger(film("a"))).rejects.toMatchObject({ code: "stream_elsewhere" });
    reached = "unknown";
    await expect(streams.prepare(film("a"), 0)).rejects.toMatchObject({ code: "leases_away" });
    expect(streams.ids()).toEqual([]);
  });

  it("hands a stream over to one that asks for it, unless somebody watches it", async () => {
    const leases = makeSharedLeases();
    const own = leases.at(A);
    await using world = await makeWorld({ shared: { leases: own } });
    const { streams } = world;
    const { id } = await streams.trigger(film("a"));
    await own.take(id, 0);
    streams.reportPlayhead(id, "viewer", 0, false);
    expect(await streams.handOver(id)).toBe(false);
    const { id: other } = await streams.trigger({ ...film("b"), priority: "background" });
    await own.take(other, 0);
    expect(await streams.handOver(other)).toBe(true);
    expect(await leases.at(B).take(other, 0)).toMatchObject({ kind: "own" });
    expect(streams.ids()).toEqual([id]);
  });

  it("that ends releases what it has", async () => {
    const leases = makeSharedLeases();
    const own = leases.at(A);
    const world = await makeWorld({ shared: { leases: own } });
    const { id } = await world.streams.trigger(film("a"));
    await own.take(id, 0);
    await world[Symbol.asyncDispose]();
    expect(await leases.at(B).take(id, 0)).toMatchObject({ kind: "own" });
  });
});
