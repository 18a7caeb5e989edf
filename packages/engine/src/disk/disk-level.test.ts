import { expect, test } from "vitest";
import { diskLevel, type DiskLevel } from "./disk-level.ts";

const GB = 1e9;
const bySize = {
  high: { kind: "free", bytes: 2 * GB },
  low: { kind: "free", bytes: 5 * GB },
} as const;
const byShare = { high: { kind: "used", share: 0.95 }, low: { kind: "used", share: 0.9 } } as const;

test.each([
  ["roomy", 2.1, bySize, "roomy"],
  ["roomy", 1.9, bySize, "full"],
  ["full", 2.1, bySize, "full"],
  ["full", 4.9, bySize, "full"],
  ["full", 5.1, bySize, "roomy"],
  ["roomy", 6, byShare, "roomy"],
  ["roomy", 4, byShare, "full"],
  ["full", 9, byShare, "full"],
  ["full", 11, byShare, "roomy"],
] as const)("a %s disk of 100 GB with %d GB free", (before, free, marks, after) => {
  expect(diskLevel(before, { freeBytes: free * GB, totalBytes: 100 * GB }, marks)).toBe(after);
});

test("a disk smaller than the watermarks is not full for ever", () => {
  const of = (before: DiskLevel, freeBytes: number) =>
    diskLevel(before, { freeBytes, totalBytes: GB }, bySize);
  expect([of("roomy", 0.11 * GB), of("roomy", 0.09 * GB)]).toEqual(["roomy", "full"]);
  expect([of("full", 0.19 * GB), of("full", 0.21 * GB)]).toEqual(["full", "roomy"]);
});
