import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createAnswersFirst } from "./answers-first.ts";

const FOR_EVER = 2 ** 30;

it("what nobody waits for is done when all who wait have their answers, good or bad", async () => {
  const { during, whenAnswered } = createAnswersFirst();
  await whenAnswered(FOR_EVER);
  const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  const got = Promise.allSettled(answers.map(({ promise }) => during(promise)));
  let isDone = false;
  const done = whenAnswered(FOR_EVER).then(() => (isDone = true));
  answers[0]!.resolve(1);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(isDone).toBe(false);
  answers[1]!.reject(new Error("no film"));
  await done;
  expect((await got).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
});

it("waits for a trigger that asks for its stream when its file is found", async () => {
  const { during, whenAnswered } = createAnswersFirst();
  const [file, stream] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const trigger = (async () => {
    await during(file.promise);
    await during(stream.promise);
  })();
  let isDone = false;
  const done = whenAnswered(FOR_EVER).then(() => (isDone = true));
  file.resolve();
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(isDone).toBe(false);
  stream.resolve();
  await Promise.all([trigger, done]);
});

it("does not wait for ever while triggers keep coming", async () => {
  const { during, whenAnswered } = createAnswersFirst();
  void during(new Promise(() => undefined));
  await whenAnswered(1);
});
