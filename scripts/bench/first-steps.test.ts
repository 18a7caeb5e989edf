import { expect, it } from "vitest";
import { readSteps, stepTable } from "./first-steps.ts";

const line = (step: string, atMs: number): string => JSON.stringify({ level: "debug", step, atMs });

it("tells when each step was first taken, of what was logged since and until the segment is there", () => {
  const lines = [line("ordered", 1), "no JSON", line("ordered", 110), line("ordered", 150)];
  const ended = [line("published", 900), line("probed", 2_000)];
  const steps = readSteps([...lines, line("odd", 3), ...ended], 1, 100);
  expect(steps).toEqual({ ordered: 10, published: 800 });
});

it("the table has the medians, in the order of time", () => {
  const all = [
    { opened: 80, loaded: 90, published: 900 },
    { opened: 100, loaded: 50, published: 1_000 },
    { opened: 120, loaded: 70, published: 1_100 },
  ];
  expect(stepTable("seek", all).split("\n")).toEqual([
    ...["| seek | ms | of that |", "| --- | ---: | ---: |"],
    ...["| loaded | 70 | 70 |", "| opened | 100 | 30 |", "| published | 1000 | 900 |"],
  ]);
});
