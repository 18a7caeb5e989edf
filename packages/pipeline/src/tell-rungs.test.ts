import type { ResolvedRun, Rung } from "@upreel/core";
import { makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { tellRungs } from "./tell-rungs.ts";

const rung = (id: string): Rung =>
  ({
    ...{ model: { id }, provider: "cpu" },
    ...(id.endsWith("+faces") && { faces: { strength: 1 } }),
  }) as Rung;

function told(firstRung: string) {
  const timeline = makeTimeline(5_000);
  const said: [number, string, boolean][] = [];
  const order = { fromSegment: 10, rung: rung(firstRung), timeline } as ResolvedRun;
  const rungs = tellRungs(order, (from, { model, faces }) =>
    said.push([from, model.id, faces !== undefined]),
  );
  return { ...rungs, said, n: timeline.framesPerSegment };
}

it("segments are told as made without faces from the one on in which the network failed", () => {
  const { onFacesLost, said, n } = told("a+faces");
  onFacesLost(3 * n + 1);
  expect(said).toEqual([[13, "a", false]]);
});

it("changes that came before and lie behind, and those that come later, are told as they come out", () => {
  const { onRung, onFacesLost, said, n } = told("a+faces");
  onRung(14, rung("b+faces"));
  onRung(16, rung("c"));
  onFacesLost(2 * n);
  onRung(20, rung("a+faces"));
  expect(said.slice(2)).toEqual([
    [12, "a", false],
    [14, "b", false],
    [20, "a", false],
  ]);
});

it("what was made without them anyway is told once", () => {
  const { onFacesLost, said } = told("a");
  onFacesLost(0);
  expect(said).toEqual([]);
});
