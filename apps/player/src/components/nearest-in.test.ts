import { expect, test } from "vitest";
import { nearestIn, type Box, type Direction } from "./nearest-in.ts";

const box = (left: number, top: number, width = 10, height = 10): Box => ({
  ...{ left, top, right: left + width, bottom: top + height },
});
/** Two rows of three, and a wide one below them. */
const GRID = [
  box(0, 0),
  box(20, 0),
  box(40, 0),
  box(0, 20),
  box(20, 20),
  box(40, 20),
  box(0, 40, 50),
];

test.each<[Direction, number, number]>([
  ["ArrowRight", 0, 1],
  ["ArrowLeft", 2, 1],
  ["ArrowDown", 1, 4],
  ["ArrowUp", 5, 2],
  ["ArrowDown", 5, 6],
  ["ArrowUp", 6, 4],
  ["ArrowLeft", 0, -1],
  ["ArrowUp", 1, -1],
])("%s from box %d leads to %d", (direction, from, to) => {
  expect(nearestIn(direction, GRID[from] ?? box(0, 0), GRID)).toBe(to);
});
