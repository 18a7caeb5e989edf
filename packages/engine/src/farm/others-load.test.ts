import { expect, it } from "vitest";
import { createUseJudge } from "./others-load.ts";

const NOTHING = { processor: 0.02, gpu: undefined };

it("a computer is in use when others keep it busy for a while, and free some minutes after they left", () => {
  const judge = createUseJudge(0.25);
  const game = { processor: 0.6, gpu: undefined };
  // A page that loads.
  expect([judge(game, 0), judge(game, 4_000), judge(NOTHING, 6_000)]).toEqual([
    false,
    false,
    false,
  ]);
  expect([judge(game, 8_000), judge(game, 14_000)]).toEqual([false, true]);
  // A loading screen.
  expect([judge(NOTHING, 20_000), judge(game, 100_000)]).toEqual([true, true]);
  expect([judge(NOTHING, 219_000), judge(NOTHING, 220_000)]).toEqual([true, false]);
});

it("a GPU that others keep busy counts, and what is not known does not", () => {
  const judge = createUseJudge(0.25);
  const unknown = { processor: undefined, gpu: undefined };
  expect([judge(unknown, 0), judge(unknown, 10_000)]).toEqual([false, false]);
  const playing = { processor: 0.1, gpu: 0.9 };
  expect([judge(playing, 20_000), judge(playing, 26_000)]).toEqual([false, true]);
});

it("how busy it must be is its owner's to say", () => {
  const [careful, bold] = [createUseJudge(0.1), createUseJudge(0.8)];
  const compiling = { processor: 0.5, gpu: undefined };
  for (const judge of [careful, bold]) judge(compiling, 0);
  expect([careful(compiling, 6_000), bold(compiling, 6_000)]).toEqual([true, false]);
});
