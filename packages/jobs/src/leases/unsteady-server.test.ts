import type { LeaseChange, Leases } from "@upreel/core";
import { eventually, makeRecordingLog, startValkey, type ValkeyServer } from "@upreel/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openValkeyLeases } from "./open-valkey-leases.ts";

const [A, B] = ["http://a:5000", "http://b:5000"];
/** No machine is so slow that a lease runs out by itself, or that a server is quiet no more before it is looked at. */
const LONG = { leaseMs: 60_000, renewMs: 20 };
/** Calls are given up after half of a lease. */
const SHORT = { leaseMs: 2_000, renewMs: 100 };
const FENCE_ON_DISK = 7;

let server: ValkeyServer;
let opened: Leases[];
let installation = 0;

beforeAll(async () => {
  server = await startValkey();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  opened = [];
  installation += 1;
});
afterEach(async () => {
  for (const leases of opened) await leases[Symbol.asyncDispose]();
});

type Times = Parameters<typeof openValkeyLeases>[0]["times"];

async function openAt(address: string, times: Times = LONG) {
  const options = { url: server.url, installation: String(installation), address };
  const leases = await openValkeyLeases({ ...options, times: times!, log: makeRecordingLog() });
  opened.push(leases);
  const changes: LeaseChange[] = [];
  leases.subscribe((change) => changes.push(change));
  return Object.assign(leases, {
    changes,
    lost: () => changes.flatMap((change) => (change.kind === "lost" ? change.ids : [])),
    isFree: () => changes.some(({ kind }) => kind === "free"),
  });
}

/** Two gateways of a server that has known them for long. */
async function openBoth(times: Times = LONG) {
  const known = { ...times!, quietMs: 0 };
  const before = "http://before:5000";
  const [first, b] = [await openAt(before, known), await openAt(B, times)];
  const a = await openAt(A, times);
  await first[Symbol.asyncDispose]();
  await eventually("it is taken", async () => (await a.take("s", FENCE_ON_DISK)).kind === "own");
  await eventually(
    "they know each other, and that the first one has gone",
    () => b.others.join() === A && a.others.join() === B,
  );
  return { a, b };
}

/** Looks all the time who has the stream, while the other one tries to get it. */
function watchOwners(a: Leases, b: Leases) {
  let isOver = false;
  const owners: string[] = [];
  const watched = (async () => {
    while (!isOver) {
      await Promise.all([b.take("s", FENCE_ON_DISK), b.take("t", 0), new Promise(setImmediate)]);
      const owner = [a.holds("s") ? "a" : "", b.holds("s") ? "b" : ""].join("");
      if (owners.at(-1) !== owner) owners.push(owner);
    }
  })();
  return async (): Promise<readonly string[]> => {
    isOver = true;
    await watched;
    return owners;
  };
}

describe("a server that forgets everything", () => {
  it("takes nothing from its owner at any moment, as often as that happens", async () => {
    const { a, b } = await openBoth();
    const owners = watchOwners(a, b);
    for (let time = 0; time < 5; time += 1) {
      await server.tell("FLUSHALL");
      await eventually("it knows the owner again", async () => (await b.ownerOf("s")) === A);
    }
    expect(await owners()).toEqual(["a"]);
    expect([...a.lost(), ...b.lost()]).not.toContain("s");
    // It asks once more itself before it is known again.
    await eventually("it can ask for it", async () => {
      const answer = await b.take("s", FENCE_ON_DISK);
      expect(answer.kind).not.toBe("own");
      return answer.kind === "other" && answer.address === A;
    });
    expect(b.others).toEqual([A]);
  });

  /** One gateway, beside which another one had a stream, and that server without memory. */
  async function openForgotten(times: Times) {
    const { a, b } = await openBoth(times);
    await a[Symbol.asyncDispose]();
    await eventually("it is gone", () => !b.others.includes(A));
    b.changes.length = 0;
    await server.tell("FLUSHALL");
    return b;
  }

  it("gives what nobody had to whoever asks, and what somebody had to nobody for a lease", async () => {
    const b = await openForgotten(LONG);
    await eventually("it can take", async () => (await b.take("new", 0)).kind === "own");
    expect(await b.take("s", FENCE_ON_DISK)).toEqual({ kind: "unknown" });
    expect(b.isFree()).toBe(false);
  });

  it("gives what somebody had when a lease is over", async () => {
    const beforeMs = performance.now();
    const b = await openForgotten(SHORT);
    await eventually("it is told", b.isFree);
    expect(performance.now() - beforeMs).toBeGreaterThan(SHORT.leaseMs);
    const answer = await eventually("it is taken", async () => {
      const taken = await b.take("s", FENCE_ON_DISK);
      return taken.kind === "own" && taken;
    });
    expect(answer.fence).toBeGreaterThan(FENCE_ON_DISK);
  });

  it("and is started again without what it was told last, knows its owners as before", async () => {
    const { a, b } = await openBoth();
    // As a disk that had not been told of the last second yet.
    await server.tell("HDEL", `{upreel-${installation}}:lease-owners`, "s");
    await server.kill();
    const owners = watchOwners(a, b);
    await server.start();
    await eventually("it knows the owner again", async () => (await b.ownerOf("s")) === A);
    expect(await owners()).toEqual(["a"]);
    expect(a.lost()).toEqual([]);
  });
});

describe("a server that stands still", () => {
  it("for less than a lease costs nothing", async () => {
    const { a, b } = await openBoth();
    const owners = watchOwners(a, b);
    await server.tell("CLIENT", "PAUSE", "300", "ALL");
    await eventually("it answers", async () => (await b.ownerOf("s")) === A);
    expect(await owners()).toEqual(["a"]);
  });

  it("for longer than a lease gives it to one of them alone when it goes on", async () => {
    const { a, b } = await openBoth(SHORT);
    const owners = watchOwners(a, b);
    server.pause();
    await eventually("its lease is over", () => a.lost().includes("s") && !a.holds("s"));
    server.resume();
    await eventually("one has it", async () => {
      await a.take("s", FENCE_ON_DISK);
      return a.holds("s") || b.holds("s");
    });
    expect(await owners()).not.toContain("ab");
  });

  it("keeps nothing for a gateway whose call it did too late", async () => {
    const { a, b } = await openBoth(SHORT);
    server.pause();
    // Given up; the server does it when it goes on, in this order.
    expect(await b.take("late", 0)).toEqual({ kind: "unknown" });
    await a.release("s");
    server.resume();
    await eventually("what was released is free", async () => {
      const { kind } = await b.take("s", FENCE_ON_DISK);
      return kind === "own";
    });
    await eventually("what was asked for in vain is free", async () => {
      const { kind } = await a.take("late", 0);
      return kind === "own";
    });
  });
});
