import { expect, it } from "vitest";
import { mergeSegments, wantedSegmentTypes, type KnownSegment } from "./merge-segments.ts";

const ITEM = "508bfcc390dc4acbd1826571a92d9968";
const TICKS = 10_000_000;
const known: readonly KnownSegment[] = [
  { role: "intro", startSeconds: 10.5, endSeconds: 40 },
  { role: "credits", startSeconds: 1300, endSeconds: 1320 },
];
const jellyfins = (Type: string, from: number, to: number) => ({
  ...{ Id: "theirs", ItemId: ITEM, Type, StartTicks: from * TICKS, EndTicks: to * TICKS },
});
const empty = { Items: [], TotalRecordCount: 0, StartIndex: 0 };

it("adds ours after Jellyfin's own, in ticks, by ids that stay", () => {
  const own = jellyfins("Recap", 0, 30);
  const answer = { Items: [own], TotalRecordCount: 1, StartIndex: 0 };
  const merged = mergeSegments(answer, ITEM, known, []);
  expect(merged).toMatchObject({
    TotalRecordCount: 3,
    StartIndex: 0,
    Items: [
      own,
      { ItemId: ITEM, Type: "Intro", StartTicks: 105_000_000, EndTicks: 400_000_000 },
      { ItemId: ITEM, Type: "Outro", StartTicks: 13_000_000_000 },
    ],
  });
  const again = mergeSegments(answer, ITEM, known, []).Items;
  expect(again).toEqual(merged.Items);
  expect(new Set(merged.Items.map((each) => each["Id"])).size).toBe(3);
});

it.each([
  ["half of ours", jellyfins("Intro", 0, 26), false],
  ["less than half", jellyfins("Intro", 0, 20), true],
  ["a short one within ours", jellyfins("Intro", 20, 25), false],
  ["ours within a longer one", jellyfins("Intro", 0, 90), false],
  ["another type at the same place", jellyfins("Commercial", 10, 40), true],
  ["one that only touches it", jellyfins("Intro", 0, 10.5), true],
])("keeps Jellyfin's alone where it has %s", (_, own, isAdded) => {
  const answer = { Items: [own], TotalRecordCount: 1 };
  const intros = mergeSegments(answer, ITEM, known.slice(0, 1), []);
  expect(intros.Items).toHaveLength(isAdded ? 2 : 1);
  expect(intros.TotalRecordCount).toBe(intros.Items.length);
});

it.each([
  ["", 2],
  ["includeSegmentTypes=Intro", 1],
  ["IncludeSegmentTypes=Intro&IncludeSegmentTypes=Outro", 2],
  ["includeSegmentTypes=intro,outro", 2],
  ["includeSegmentTypes=5", 1],
  ["includeSegmentTypes=Recap", 0],
])("answers what was asked for: %s", (query, count) => {
  const wanted = wantedSegmentTypes(new URLSearchParams(query));
  expect(mergeSegments(empty, ITEM, known, wanted).Items).toHaveLength(count);
});
