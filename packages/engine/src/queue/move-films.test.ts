import { expect, it, test } from "vitest";
import { inOrder, moveFilms } from "./move-films.ts";

const ALL = ["a", "b", "c", "d"];

test.each([
  ["to the front", [], { ids: ["c"] }, ["c"]],
  ["to the front, before one that was put there", ["c"], { ids: ["d"] }, ["d", "c"]],
  ["several, as they are named", [], { ids: ["d", "b"] }, ["d", "b"]],
  ["before another one", [], { ids: ["d"], before: "c" }, ["a", "b", "d"]],
  ["before one of those that are moved", [], { ids: ["c", "b"], before: "c" }, ["a", "c", "b"]],
  ["to the end", [], { ids: ["a"], before: null }, ["b", "c", "d", "a"]],
  ["before one that is gone by now", [], { ids: ["c"], before: "x" }, ["c"]],
  ["one that is gone by now", ["b"], { ids: ["x"] }, ["b"]],
  ["one twice", [], { ids: ["b", "b"] }, ["b"]],
] as const)("moves films %s", (_, byHand, move, expected) => {
  const rest = ALL.filter((id) => !byHand.some((each) => each === id));
  expect(moveFilms(byHand, [...byHand, ...rest], { ...move, ids: [...move.ids] })).toEqual(
    expected,
  );
});

test.each([
  ["in front of it", ["x", "a"], { ids: ["d"] }, ["d", "x", "a"]],
  ["past it", ["b", "x", "c"], { ids: ["b"], before: null }, ["x", "c", "a", "d", "b"]],
  ["behind it", ["a", "x", "y"], { ids: ["d"], before: "b" }, ["a", "x", "y", "d"]],
  ["that stood beside it", ["a", "x"], { ids: ["a"] }, ["a", "x"]],
] as const)(
  "one that does not wait now keeps its place when a film is moved %s",
  (_, byHand, { ids, ...move }, expected) => {
    const films = ALL.map((id, k) => ({
      ...{ id, state: "queued" as const, priority: "background" as const, wanted_at: k },
    }));
    const all = inOrder(films, byHand);
    expect(moveFilms(byHand, all, { ...move, ids: [...ids] })).toEqual(expected);
  },
);

it("orders films as they are made: by hand, then by who wants them, then by when they were wanted", () => {
  const film = (id: string, priority: "viewer" | "next" | "background", wanted_at: number) => ({
    ...{ id, priority, wanted_at, state: "queued" as const },
  });
  const films = [
    film("old", "background", 1),
    film("new", "background", 2),
    film("hand", "background", 3),
    film("next", "next", 4),
    film("viewer", "viewer", 5),
    { ...film("over", "viewer", 0), state: "complete" as const },
  ];
  expect(inOrder(films, ["hand"])).toEqual(["hand", "viewer", "next", "old", "new"]);
});
