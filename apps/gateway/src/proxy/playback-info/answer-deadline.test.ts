import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createAnswerDeadline } from "./answer-deadline.ts";

const never = new Promise<string>(() => undefined);

function setUp(lagMs = 0) {
  const clock = makeManualClock();
  const begin = createAnswerDeadline(clock, { answerMs: 1_500, lagMs: () => lagMs });
  /** How long after it was asked for the wait ends when the answer then takes `handOverMs` to leave. */
  const answer = async (handOverMs: number): Promise<number> => {
    const askedAtMs = clock.nowMs();
    const due = begin(askedAtMs);
    const over = due.inTime(never);
    const ms = due.leftMs();
    clock.advance(ms);
    expect(await over).toBeUndefined();
    clock.advance(handOverMs);
    due.sent();
    return ms;
  };
  return { clock, begin, answer };
}

it("ends a wait in time, and sooner by what answers lately took to leave", async () => {
  const { answer } = setUp();
  expect(await answer(90)).toBe(1_450);
  expect(await answer(70)).toBe(1_410);
  for (let n = 0; n < 7; n++) await answer(70);
  expect(await answer(0)).toBe(1_430);
});

it("ends it sooner by what timers are late, but never by most of the time", async () => {
  expect(await setUp(200).answer(0)).toBe(1_300);
  expect(await setUp(5_000).answer(0)).toBe(900);
});

it("gives what comes in time, and fails as it fails", async () => {
  const { begin, clock } = setUp();
  expect(await begin(clock.nowMs()).inTime(Promise.resolve("ready"))).toBe("ready");
  const failure = new Error("no disk");
  await expect(begin(clock.nowMs()).inTime(Promise.reject(failure))).rejects.toBe(failure);
});

it("leaves time for a look where all of it was gone before", () => {
  const { begin, clock } = setUp();
  expect(begin(clock.nowMs() - 9_000).leftMs()).toBe(250);
});

it("may be extended while it runs", async () => {
  const { begin, clock } = setUp();
  const due = begin(clock.nowMs());
  let isOver = false;
  const over = due.inTime(never).then(() => (isOver = true));
  clock.advance(1_000);
  due.extendTo(3_000);
  clock.advance(1_949);
  await new Promise(setImmediate);
  expect([isOver, due.isOver]).toEqual([false, false]);
  clock.advance(1);
  await over;
  expect(due.isOver).toBe(true);
});
