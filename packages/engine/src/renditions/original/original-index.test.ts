import { expect, test } from "vitest";
import { batchOf, cutAtKeyFrames, durationsMicros } from "./original-index.ts";

const group = (seconds: number, part = 0) => ({ part, startMicros: seconds * 1e6, bytes: 100 });

test("groups are joined to segments of four seconds or more", () => {
  const groups = [0.5, 2.5, 5, 9, 9.5, 25].map((seconds) => group(seconds));
  const index = cutAtKeyFrames({ groups, endMicros: 26e6 });
  expect(index).toEqual({
    startsMicros: [0.5e6, 5e6, 9e6, 25e6],
    parts: [0, 0, 0, 0],
    endMicros: 26e6,
    bytes: [200, 100, 200, 100],
  });
  expect(durationsMicros(index)).toEqual([4.5e6, 4e6, 16e6, 1e6]);
});

test("a part of the film begins with a segment of its own, and so do those that are made together", () => {
  const early = [0, 4, 8, 10].map((seconds) => group(seconds, 0));
  const late = [11, 12, 15, 19].map((seconds) => group(seconds, 1));
  const index = cutAtKeyFrames({ groups: [...early, ...late], endMicros: 22e6 });
  expect(index.startsMicros).toEqual([0, 4, 8, 11, 15, 19].map((seconds) => seconds * 1e6));
  expect(index.parts).toEqual([0, 0, 0, 1, 1, 1]);
  const batches = index.parts.map((_, k) => batchOf(index, k, 2));
  expect(batches.map(({ from, to }) => [from, to])).toEqual([
    ...[
      [0, 2],
      [0, 2],
      [2, 3],
      [3, 5],
      [3, 5],
      [5, 6],
    ],
  ]);
});
