import { expect, it } from "vitest";
import { nextRemake } from "./remakes.ts";
import { timelineOf } from "./testing/films.ts";

// 500 seconds of film; what lies from 100 s to 400 s was made by the scaler.
const TIMELINE = timelineOf(1_000);
const made = [
  { from: 0, to: 200, model: "net", provider: "cpu" },
  { from: 200, to: 800, model: "lanczos", provider: "ffmpeg" },
  { from: 800, to: 1_000, model: "net", provider: "cpu" },
];
const view = {
  made,
  timeline: TIMELINE,
  viewers: [],
  isLower: (model: string) => model === "lanczos",
};
const remake = (...viewers: [seconds: number, lastAsked?: number][]) =>
  nextRemake({
    ...view,
    viewers: viewers.map(([seconds, lastAsked]) => ({
      seconds,
      lastAsked,
      plays: "stream",
      isPaused: false,
    })),
  });

it("is all that a lower rung made while nobody watches", () => {
  expect(remake()).toEqual({ from: 200, to: 800 });
  expect(nextRemake({ ...view, isLower: () => false })).toBeUndefined();
});
it("leaves what a viewer may hold or ask for soon, a minute behind and three after", () => {
  expect(remake([200])).toEqual({ from: 200, to: 280 });
  expect(remake([0])).toEqual({ from: 360, to: 800 });
  expect(remake([130])).toEqual({ from: 620, to: 800 });
});
it("counts what a player has read ahead", () => {
  expect(remake([100, 399])).toEqual({ from: 760, to: 800 });
});
it("is nothing while viewers are everywhere", () => {
  expect(remake([120], [250], [390])).toBeUndefined();
});
it("leaves what the live playlist lists", () => {
  const onAir = (k: number): boolean => k < 210 || k >= 300;
  expect(nextRemake({ ...view, isOnAir: onAir })).toEqual({ from: 210, to: 300 });
});
it("goes on where it is made, though what a viewer has left behind comes free before that", () => {
  const viewers = [
    { seconds: 165, lastAsked: undefined, plays: "stream" as const, isPaused: false },
  ];
  expect(nextRemake({ ...view, viewers })).toEqual({ from: 200, to: 210 });
  expect(nextRemake({ ...view, viewers, going: 600 })).toEqual({ from: 600, to: 800 });
  expect(nextRemake({ ...view, viewers, going: 300 })).toEqual({ from: 200, to: 210 });
});
