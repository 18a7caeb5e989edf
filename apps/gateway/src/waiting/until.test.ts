import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { NO_CHANGES, until, type Changes } from "./until.ts";

function setUp() {
  const listeners = new Set<() => void>();
  const changes: Changes = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const tell = async (): Promise<void> => {
    for (const listener of listeners) listener();
    await new Promise(setImmediate);
  };
  return { changes, listeners, tell, clock: makeManualClock() };
}

it("asks at once, and then at each change alone", async () => {
  const { changes, listeners, tell } = setUp();
  let looks = 0;
  const waiting = until(() => (++looks === 4 ? "there" : undefined), { changes });
  for (let n = 0; n < 3; n++) await tell();
  expect([await waiting, looks, listeners.size]).toEqual(["there", 4, 0]);
});

it("misses no change that comes while it looks", async () => {
  const { changes, tell } = setUp();
  const slow = Promise.withResolvers<undefined>();
  const answers = [slow.promise, Promise.resolve("there")];
  const waiting = until(() => answers.shift(), { changes });
  await tell();
  slow.resolve(undefined);
  expect(await waiting).toBe("there");
});

it("ends with its time, after one more look", async () => {
  const { changes, listeners, clock } = setUp();
  let looks = 0;
  const waiting = until(() => void ++looks, { changes, clock, ms: 1_000 });
  clock.advance(1_000);
  expect([await waiting, looks, listeners.size]).toEqual([undefined, 2, 0]);
});

it("ends as its signal and its look say", async () => {
  const { changes, listeners } = setUp();
  const gone = new AbortController();
  const waiting = until(() => undefined, { changes, signal: gone.signal });
  const reason = new Error("gone");
  gone.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  const broken = new Error("no disk");
  await expect(until(() => Promise.reject(broken), { changes })).rejects.toBe(broken);
  expect(listeners.size).toBe(0);
});

it("tries again what no event tells of", async () => {
  const { clock } = setUp();
  let tries = 0;
  const waiting = until(() => (++tries === 3 ? "made" : undefined), {
    ...{ changes: NO_CHANGES, clock, againMs: 500 },
  });
  for (let n = 0; n < 3; n++) {
    await new Promise(setImmediate);
    clock.advance(500);
  }
  expect([await waiting, tries]).toEqual(["made", 3]);
});
