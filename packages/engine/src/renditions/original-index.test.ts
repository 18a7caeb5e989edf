import { expect, test } from "vitest";
import { cutAtKeyFrames, durationsMicros } from "./original-index.ts";

const group = (seconds: number) => ({ startMicros: seconds * 1e6, bytes: 100 });

test("groups are joined to segments of four seconds or more", () => {
  const groups = [0.5, 2.5, 5, 9, 9.5, 25].map(group);
  const index = cutAtKeyFrames({ groups, endMicros: 26e6 });
  expect(index).toEqual({
    startsMicros: [0.5e6, 5e6, 9e6, 25e6],
    endMicros: 26e6,
    bytes: [200, 100, 200, 100],
  });
  expect(durationsMicros(index)).toEqual([4.5e6, 4e6, 16e6, 1e6]);
});
