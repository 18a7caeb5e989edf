import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LeaseChange, Leases } from "@upreel/core";
import { eventually, makeRecordingLog, startValkey, type ValkeyServer } from "@upreel/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLocalLeases } from "./local-leases.ts";
import { openValkeyLeases } from "./open-valkey-leases.ts";

const HOLDER = fileURLToPath(new URL("../testing/hold-lease.ts", import.meta.url));
const [A, B] = ["http://a:5000", "http://b:5000"];
/** No machine is so slow that a lease runs out by itself; tests whose leases end say how long they are. */
const LONG = { leaseMs: 60_000, renewMs: 20, quietMs: 0 };
const SHORT = { leaseMs: 1_000, renewMs: 100, quietMs: 0 };

let server: ValkeyServer;
let log: ReturnType<typeof makeRecordingLog>;
let opened: Leases[];
let installation = 0;

beforeAll(async () => {
  server = await startValkey();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  log = makeRecordingLog();
  opened = [];
  installation += 1;
});
afterEach(async () => {
  for (const leases of opened) await leases[Symbol.asyncDispose]();
});

async function openAt(address: string, times = LONG, nowMs?: () => number) {
  const options = { url: server.url, installation: String(installation), address, times, log };
  const leases = await openValkeyLeases({ ...options, ...(nowMs && { nowMs }) });
  opened.push(leases);
  const changes: LeaseChange[] = [];
  leases.subscribe((change) => changes.push(change));
  return Object.assign(leases, {
    changes,
    lost: () => changes.flatMap((change) => (change.kind === "lost" ? change.ids : [])),
    isFree: () => changes.some(({ kind }) => kind === "free"),
  });
}

const fenceOf = async (taking: ReturnType<Leases["take"]>): Promise<number> => {
  const answer = await taking;
  if (answer.kind !== "own") throw new Error(`not taken: ${JSON.stringify(answer)}`);
  return answer.fence;
};
describe.each<[string, () => Promise<Leases>]>([
  ["in this process", async () => createLocalLeases()],
  ["on Valkey", () => openAt(A)],
])("leases %s", (_, open) => {
  it("are taken, held and released", async () => {
    await using leases = await open();
    const fence = await fenceOf(leases.take("s", 0));
    expect(leases.holds("s")).toBe(true);
    expect(await leases.take("s", 0)).toEqual({ kind: "own", fence });
    await leases.release("s");
    expect(await leases.take("s", fence)).toMatchObject({ kind: "own" });
    expect(leases.others).toEqual([]);
  });

  it("have no fence below that of the disk", async () => {
    await using leases = await open();
    expect(await fenceOf(leases.take("s", 41))).toBeGreaterThanOrEqual(41);
  });
});

describe("leases of two gateways", () => {
  it("a stream has one owner, and others are told where it answers", async () => {
    const [a, b] = [await openAt(A), await openAt(B)];
    const fence = await fenceOf(a.take("s", 0));
    expect(await b.take("s", 0)).toEqual({ kind: "other", address: A });
    expect([await b.ownerOf("s"), await a.ownerOf("s")]).toEqual([A, undefined]);
    expect(b.holds("s")).toBe(false);
    await a.release("s");
    expect(a.holds("s")).toBe(false);
    expect(await fenceOf(b.take("s", 0))).toBeGreaterThan(fence);
    expect(await a.take("s", 0)).toEqual({ kind: "other", address: B });
  });

  it("a hundred that are taken by both at once have one owner each", async () => {
    const [a, b] = [await openAt(A), await openAt(B)];
    const ids = Array.from({ length: 100 }, (_, k) => `s${k}`);
    const answers = await Promise.all(ids.map((id) => Promise.all([a.take(id, 0), b.take(id, 0)])));
    for (const each of answers)
      expect(each.map(({ kind }) => kind).toSorted()).toEqual(["other", "own"]);
  });

  it("what a gateway had that ends is free at once, and others are told so", async () => {
    const [a, b] = [await openAt(A), await openAt(B)];
    await a.take("s", 0);
    await eventually("they know each other", () => b.others.includes(A));
    b.changes.length = 0;
    await a[Symbol.asyncDispose]();
    await eventually("it is told", b.isFree);
    expect(b.others).toEqual([]);
    expect(await b.take("s", 0)).toMatchObject({ kind: "own" });
  });

  it("what a gateway had that is killed is free when its lease has run out", async () => {
    const holder = spawn(process.execPath, [HOLDER, server.url, String(installation), A], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    const b = await openAt(B);
    holder.kill("SIGKILL");
    await eventually("it is taken", async () => (await b.take("s", 0)).kind === "own");
  });

  it("a gateway that starts again at the same address has at once what it had", async () => {
    const before = await openAt(A);
    const fence = await fenceOf(before.take("s", 0));
    const again = await openAt(A);
    expect(await fenceOf(again.take("s", fence))).toBeGreaterThan(fence);
    // Had it only stood still, it would learn that it was replaced.
    await eventually("it is told", () => before.lost().includes("s"));
    expect(before.holds("s")).toBe(false);
    expect(await before.take("t", 0)).toEqual({ kind: "unknown" });
    expect(JSON.stringify(log.complaints)).toContain("GATEWAY_URL");
  });
});

describe("a server that is away", () => {
  it("an owner goes on until its lease ends by its own clock, and then it has nothing", async () => {
    let stoodStillMs = 0;
    const leases = await openAt(A, LONG, () => performance.now() + stoodStillMs);
    await leases.take("s", 0);
    await server.kill();
    await eventually("it is said", () => log.complaints.length > 0);
    expect(leases.holds("s")).toBe(true);
    expect(await leases.take("t", 0)).toEqual({ kind: "unknown" });
    stoodStillMs = LONG.leaseMs;
    expect(leases.holds("s")).toBe(false);
    await server.start();
    await eventually("it is told what it lost", () => leases.lost().includes("s"));
    await eventually("it can take again", async () => (await leases.take("s", 0)).kind === "own");
    await eventually("it is told that something is free", leases.isFree);
  });

  it("an owner is told when its lease ends, though nobody asks", async () => {
    const leases = await openAt(A, SHORT);
    await eventually("it has it", async () => (await leases.take("s", 0)).kind === "own");
    await server.kill();
    await eventually("it is told", () => leases.lost().includes("s"));
    await server.start();
  });

  it("what was killed and comes back soon costs nothing", async () => {
    const [a, b] = [await openAt(A), await openAt(B)];
    const fence = await fenceOf(a.take("s", 0));
    await server.kill();
    await server.start();
    await eventually("it answers", async () => (await b.take("s", 0)).kind !== "unknown");
    expect(await b.take("s", 0)).toEqual({ kind: "other", address: A });
    expect(await a.take("s", 0)).toEqual({ kind: "own", fence });
    expect(a.lost()).toEqual([]);
  });
});
