import { expect, it, test } from "vitest";
import { heldOrder, placeMoved, rangeIn, withMoved } from "./held-order.ts";

it("leaves what is under a pointer where it is, also what is gone, and puts what is new at the end", () => {
  expect(heldOrder(["a", "b", "c"], ["n", "c", "a"])).toEqual(["a", "b", "c", "n"]);
});

test.each([
  ["c", 0, "cab"],
  ["a", 1, "bac"],
  ["a", 9, "bca"],
  ["b", -1, "bac"],
])("moves %s to place %i: %s", (id, at, expected) => {
  expect(withMoved(["a", "b", "c"], id, at).join("")).toBe(expected);
});

it("moves only among what can be moved: the rest stays in its place", () => {
  expect(placeMoved(["watched", "a", "b", "done"], ["b", "a"])).toEqual([
    ...["watched", "b", "a", "done"],
  ]);
});

it("chooses all between two, whichever comes first", () => {
  expect(rangeIn(["a", "b", "c"], "c", "a")).toEqual(["a", "b", "c"]);
  expect(rangeIn(["a", "b", "c"], undefined, "b")).toEqual(["b"]);
  expect(rangeIn(["a", "b", "c"], "gone", "b")).toEqual(["b"]);
});
