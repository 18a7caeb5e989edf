import { PLAIN_SCALER } from "@upreel/core";
import { expect, it } from "vitest";
import { timelineOf } from "../testing/films.ts";
import { MAKING, seenWith, working } from "../testing/lives.ts";
import type { Place } from "../places.ts";
import { withLadder } from "../rungs.ts";
import { needsOfStream } from "./stream-needs.ts";

/** 100 s, made in real time, for who plays the original at 10 s. */
function placeAfter(starts: readonly (readonly [Place, number])[]): number | undefined {
  const state = working(MAKING);
  const ladder = [{ rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 1 }] as const;
  const seen = seenWith();
  const [need] = needsOfStream(
    {
      ...state,
      record: { ...state.record, timeline: timelineOf(200) },
      rungs: withLadder(state.rungs, ladder, 0),
      startsAt: new Map(starts),
    },
    {
      ...seen,
      audience: {
        ...seen.audience,
        positions: () => [
          { seconds: 10, lastAsked: undefined, plays: "original", isPaused: false },
        ],
      },
    },
  );
  return need?.gap.from;
}

it("a run is given as much time to start as the last one took, on whichever machine", () => {
  expect(placeAfter([])).toBe(36);
  expect(placeAfter([[undefined, 10]])).toBe(50);
  expect(placeAfter([["farm:a", 10]])).toBe(50);
  expect(
    placeAfter([
      [undefined, 5],
      ["farm:a", 10],
    ]),
  ).toBe(50);
});
