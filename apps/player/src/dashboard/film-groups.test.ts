import { expect, it } from "vitest";
import { groupByFilm } from "./film-groups.ts";

it("films come in the order of their first streams, versions in the order in which they were started", () => {
  const streams = [
    { id: "new", film: "heat", wanted_at: 9 },
    { id: "alone", film: "alien", wanted_at: 1 },
    { id: "old", film: "heat", wanted_at: 2 },
  ];
  expect([...groupByFilm(streams)]).toEqual([
    ["heat", ["old", "new"]],
    ["alien", ["alone"]],
  ]);
});
