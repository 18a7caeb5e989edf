import { expect, test } from "vitest";
import { lineTail } from "./line-tail.ts";

test("keeps the last lines, however the text is cut in pieces", () => {
  const tail = lineTail(2);
  for (const piece of ["on", "e\ntw", "o\nthr", "ee\nfo", "ur"]) tail.add(piece);
  expect(tail.text()).toBe("three\nfour");
});

test("is bounded also for a line that never ends", () => {
  const tail = lineTail(2);
  for (let i = 0; i < 100; i += 1) tail.add("x".repeat(1000));
  expect(tail.text().length).toBeLessThanOrEqual(500);
});

test("tells of each line once it is complete", () => {
  const lines: string[] = [];
  const tail = lineTail(5, (line) => lines.push(line));
  tail.add("a\nb");
  tail.add("c\r\n\nd");
  expect(lines).toEqual(["a", "bc"]);
});
