import { expect, it } from "vitest";
import type { KnownSegment, MediaSegments } from "./merge-segments.ts";
import { segmentChanges } from "./segment-changes.ts";

const ITEM = "508bfcc390dc4acbd1826571a92d9968";
const INTRO: KnownSegment = { role: "intro", startSeconds: 10.5, endSeconds: 40 };
const CREDITS: KnownSegment = { role: "credits", startSeconds: 1300, endSeconds: 1320 };
const stored = (Items: MediaSegments["Items"]): MediaSegments => ({
  ...{ Items, TotalRecordCount: Items.length },
});
/** What Jellyfin has after these changes, with ids as it writes them. */
const storedAfter = (known: readonly KnownSegment[]): MediaSegments["Items"] =>
  segmentChanges(stored([]), ITEM, known).add.map(({ Id, ...segment }) => ({
    ...segment,
    Id: Id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase(),
  }));
const theirs = { Id: "e".repeat(32), Type: "Intro", StartTicks: 1e8, EndTicks: 4e8 };

it("stores what Jellyfin has not, in ticks, and nothing the second time", () => {
  const { add, remove } = segmentChanges(stored([]), ITEM, [INTRO, CREDITS]);
  expect(remove).toEqual([]);
  expect(add).toMatchObject([
    { ItemId: ITEM, Type: "Intro", StartTicks: 105_000_000, EndTicks: 400_000_000 },
    { ItemId: ITEM, Type: "Outro", StartTicks: 13_000_000_000, EndTicks: 13_200_000_000 },
  ]);
  const after = stored(storedAfter([INTRO, CREDITS]));
  expect(segmentChanges(after, ITEM, [INTRO, CREDITS])).toEqual({ remove: [], add: [] });
});

it("replaces ours where it changed, under the same id, and removes what is not known any more", () => {
  const before = storedAfter([INTRO, CREDITS]);
  const moved = { ...INTRO, startSeconds: 12 };
  const { add, remove } = segmentChanges(stored(before), ITEM, [moved]);
  expect(remove).toHaveLength(2);
  expect(add).toMatchObject([{ Type: "Intro", StartTicks: 120_000_000 }]);
  expect(remove).toContain(add[0]?.Id);
});

it("leaves those of others alone, and stores nothing that they have", () => {
  const others = [theirs, { ...theirs, Id: "no id", Type: "Recap" }];
  expect(segmentChanges(stored(others), ITEM, [INTRO])).toEqual({ remove: [], add: [] });
  const both = stored([theirs, ...storedAfter([INTRO])]);
  // Another plugin found it meanwhile: its own counts.
  expect(segmentChanges(both, ITEM, [INTRO])).toMatchObject({
    remove: [expect.any(String)],
    add: [],
  });
  expect(segmentChanges(stored([theirs]), ITEM, [])).toEqual({ remove: [], add: [] });
});

it("numbers several of a role, four at the most, and ids differ from item to item", () => {
  const many = Array.from({ length: 6 }, (_, n) => ({
    ...{ role: "intro" as const, startSeconds: 100 * n, endSeconds: 100 * n + 30 },
  }));
  const { add } = segmentChanges(stored([]), ITEM, many);
  expect(new Set(add.map(({ Id }) => Id)).size).toBe(4);
  const [other] = segmentChanges(stored([]), "a".repeat(32), many).add;
  expect(add.map(({ Id }) => Id)).not.toContain(other?.Id);
});
