import { describe, expect, it } from "vitest";
import { TILE, createTileGrid, markChangedTiles, type PictureSize } from "./changed-tiles.ts";
import { coverTiles } from "./cover-tiles.ts";
import {
  area,
  createWorkPlanner,
  type Box,
  type FoundRule,
  type PicturePair,
  type Region,
  type Work,
} from "./plan-work.ts";

/** Words of a flat picture in which some boxes have another value. */
function picture({ width, height, channels }: PictureSize, ...boxes: readonly Box[]): Int32Array {
  const bytes = new Uint8Array(Math.ceil((channels * width * height) / 4) * 4);
  for (const { left, top, right, bottom } of boxes) {
    for (let y = top; y < bottom; y++) bytes.fill(200, y * width + left, y * width + right);
  }
  return new Int32Array(bytes.buffer);
}
const box = (left: number, top: number, right: number, bottom: number): Box => ({
  ...{ left, top, right, bottom },
});
const contains = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left &&
  outer.top <= inner.top &&
  outer.right >= inner.right &&
  outer.bottom >= inner.bottom;

const wholeOf = ({ width, height }: PictureSize): Box => box(0, 0, width, height);
const pairOf = (now: Int32Array, before: Int32Array, between = wholeOf(SIZE)): PicturePair => ({
  ...{ now, before, between },
  isEqual: () => false,
});

const SIZE = { width: 320, height: 180, channels: 1 };
const RULE = { halo: 6, align: 2 };

const proven = () => Promise.resolve(RULE);

function plan(
  size: PictureSize,
  boxes: readonly Box[],
  findRule: () => Promise<FoundRule | undefined> = proven,
): Promise<Work> {
  const [now, before] = [picture(size, ...boxes), picture(size)];
  return createWorkPlanner(size, findRule).plan({
    ...{ now, before, between: wholeOf(size) },
    isEqual: () => Buffer.from(now.buffer).equals(Buffer.from(before.buffer)),
  });
}
const regionsOf = (work: Work): readonly Region[] => (work.kind === "regions" ? work.regions : []);

describe("what has to be inferred", () => {
  it("is nothing for an equal picture", async () => {
    expect(await plan(SIZE, [])).toEqual({ kind: "none" });
  });

  it("is the whole picture where most of it changed", async () => {
    expect(await plan(SIZE, [box(0, 0, 320, 170)])).toEqual({ kind: "whole" });
  });

  it("asks how parts can be inferred only where parts may be enough", async () => {
    let asked = 0;
    const findRule = (): Promise<"none"> => {
      asked++;
      return Promise.resolve("none");
    };
    await plan(SIZE, [], findRule);
    await plan(SIZE, [box(0, 0, 320, 180)], findRule);
    expect(asked).toBe(0);
    expect(await plan(SIZE, [box(0, 0, 20, 20)], findRule)).toEqual({ kind: "whole" });
    expect(asked).toBe(1);
  });

  it("is the whole picture while another thread finds out how parts can be inferred, which is waited for by nobody", async () => {
    const found: FoundRule[] = [];
    const planner = createWorkPlanner(SIZE, async () => found[0]);
    const flat = picture(SIZE);
    const next = (): Promise<Work> => planner.plan(pairOf(picture(SIZE, box(0, 0, 20, 20)), flat));
    expect(await next()).toEqual({ kind: "whole" });
    found.push(RULE);
    expect((await next()).kind).toBe("regions");
  });

  it("is a changed pixel's tile, what it reaches, and what that depends on", async () => {
    expect(regionsOf(await plan(SIZE, [box(100, 50, 101, 51)]))).toEqual([
      { valid: box(90, 42, 118, 70), input: box(84, 36, 124, 76) },
    ]);
  });

  it("ends at the picture's border, at odd sizes too", async () => {
    const size = { width: 77, height: 45, channels: 1 };
    const [region] = regionsOf(await plan(size, [box(76, 44, 77, 45)]));
    expect(region?.valid).toEqual(box(58, 26, 77, 45));
    expect(region?.input).toEqual(box(52, 20, 77, 45));
  });

  it("leaves black bars out, and keeps what lies far apart in boxes of its own", async () => {
    const film = regionsOf(await plan(SIZE, [box(0, 32, 320, 144)]));
    expect(film).toHaveLength(1);
    expect(film[0]?.valid).toEqual(box(0, 26, 320, 150));
    const corners = [box(0, 0, 20, 20), box(280, 150, 300, 170)];
    expect(regionsOf(await plan(SIZE, corners))).toHaveLength(2);
  });

  it("is what lies between the bars where all of that changed, to the row", async () => {
    const between = box(0, 46, 320, 134);
    const [now, flat] = [picture(SIZE, between), picture(SIZE)];
    const planner = createWorkPlanner(SIZE, proven);
    // However many there were: bars cost no look.
    for (let n = 0; n < 20; n++) {
      expect(regionsOf(await planner.plan(pairOf(now, flat, between)))).toEqual([
        { valid: box(0, 40, 320, 140), input: box(0, 34, 320, 146) },
      ]);
    }
    const columns = regionsOf(await planner.plan(pairOf(now, flat, box(41, 0, 280, 180))));
    expect(columns).toEqual([{ valid: box(34, 0, 286, 180), input: box(28, 0, 292, 180) }]);
  });

  it("is the whole picture where bars are so low that nothing is saved, or cannot be left out", async () => {
    const between = box(0, 8, 320, 172);
    const pair = pairOf(picture(SIZE, between), picture(SIZE), between);
    expect(await createWorkPlanner(SIZE, proven).plan(pair)).toEqual({ kind: "whole" });
    const barred = pairOf(pair.now, pair.before, box(0, 46, 320, 134));
    const unknown = createWorkPlanner(SIZE, () => Promise.resolve("none"));
    expect(await unknown.plan(barred)).toEqual({ kind: "whole" });
  });

  it("holds every change, wherever it is, and costs no more than the whole picture", async () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 200; round++) {
      const changes = Array.from({ length: 1 + random(8) }, () => {
        const [x, y] = [random(SIZE.width - 9), random(SIZE.height - 9)];
        return box(x, y, x + 1 + random(9), y + 1 + random(9));
      });
      const work = await plan(SIZE, changes);
      if (work.kind === "whole") continue;
      const regions = regionsOf(work);
      const inferred = regions.reduce((sum, { input }) => sum + area(input), 0);
      expect(inferred).toBeLessThan(SIZE.width * SIZE.height);
      for (const { left, top, right, bottom } of changes) {
        for (const corner of [
          box(left, top, left + 1, top + 1),
          box(right - 1, bottom - 1, right, bottom),
        ]) {
          expect(regions.some(({ valid }) => contains(valid, corner))).toBe(true);
        }
      }
    }
  });

  it.each([
    [10, 4],
    [20, 8],
    [200, 16],
  ])("after %i whole pictures looks for parts in one of %i", async (whole, every) => {
    const planner = createWorkPlanner(SIZE, proven);
    const flat = picture(SIZE);
    const planWith = (change: Box): Promise<Work> =>
      planner.plan(pairOf(picture(SIZE, change), flat));
    for (let n = 0; n < whole; n++) await planWith(box(0, 0, 320, 180));
    let waited = 1;
    while ((await planWith(box(0, 0, 20, 20))).kind === "whole") waited++;
    expect(waited).toBeLessThanOrEqual(every);
    expect(waited).toBeGreaterThan(every / 4);
  });

  it("sees a change in any one pixel of any plane", () => {
    const size = { width: 37, height: 21, channels: 3 };
    const grid = createTileGrid(size);
    const before = new Uint8Array(4 * Math.ceil((3 * 37 * 21) / 4));
    for (let at = 0; at < 3 * 37 * 21; at++) {
      const now = before.slice();
      now[at] = 1;
      grid.changed.fill(0);
      markChangedTiles(
        grid,
        size,
        new Int32Array(now.buffer),
        new Int32Array(before.buffer),
        "all",
      );
      const [x, y] = [at % 37, Math.floor(at / 37) % 21];
      expect(grid.changed[Math.floor(y / TILE) * grid.columns + Math.floor(x / TILE)]).toBe(1);
    }
  });

  it("finds no boxes where nothing changed", () => {
    expect(coverTiles(createTileGrid(SIZE), () => 1).boxes).toEqual([]);
  });
});
