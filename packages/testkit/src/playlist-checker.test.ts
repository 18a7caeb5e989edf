import { expect, test } from "vitest";
import { PlaylistChecker } from "./playlist-checker.ts";
import { variantProblems } from "./playlist-rules.ts";

interface Shape {
  readonly first?: number;
  readonly uris?: readonly string[];
  readonly seconds?: number;
  readonly target?: number;
  readonly tail?: string;
  readonly head?: string;
  /** Milliseconds that the date of the second segment is wrong by; null: no dates. */
  readonly dateError?: number | null;
}

const ZERO_MS = Date.UTC(2026, 0, 1);

function playlist(shape: Shape = {}): string {
  const { first = 0, uris = ["0.ts", "1.ts", "2.ts", "3.ts"], seconds = 2, target = 2 } = shape;
  const { dateError = 0 } = shape;
  const date = (index: number): string[] => {
    if (dateError === null) return [];
    const ms = ZERO_MS + (first + index) * seconds * 1000 + (index === 1 ? dateError : 0);
    return [`#EXT-X-PROGRAM-DATE-TIME:${new Date(ms).toISOString()}`];
  };
  return [
    "#EXTM3U",
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...(shape.head === undefined ? [] : [shape.head]),
    ...uris.flatMap((uri, index) => [...date(index), `#EXTINF:${seconds},`, uri]),
    ...(shape.tail === undefined ? [] : [shape.tail]),
    "",
  ].join("\n");
}

const ENDLIST = "#EXT-X-ENDLIST";
const slid = { first: 1, uris: ["1.ts", "2.ts", "3.ts", "4.ts"] };
const movie = (change: Shape = {}): string =>
  playlist({ dateError: null, head: "#EXT-X-PLAYLIST-TYPE:VOD", tail: ENDLIST, ...change });

function expectRule(checker: PlaylistChecker, rule: string | undefined): void {
  if (rule === undefined) expect(checker.problems).toEqual([]);
  else expect(checker.problems.join("\n")).toMatch(new RegExp(`^${rule}\\b`, "m"));
}

test.for<[string, readonly string[], string | undefined]>([
  ["growth and sliding", [playlist(), playlist(slid)], undefined],
  ["R1: another target duration", [playlist(), playlist({ target: 3 })], "R1"],
  ["R1: a segment above the target duration", [playlist({ seconds: 2.6 })], "R1"],
  ["R2: half a file", [playlist().slice(0, 60)], "R2"],
  ["R2: an empty file", [""], "R2"],
  ["R2: no segment", [playlist({ uris: [] })], "R2"],
  ["R2: a segment that changes", [playlist(), playlist({ uris: ["0.ts", "x.ts"] })], "R2"],
  ["R4: a sequence that goes back", [playlist(slid), playlist()], "R4"],
  ["R4: a removal that is not counted", [playlist(), playlist({ uris: slid.uris })], "R2/R4"],
  [
    "R5: a list that gets too short",
    [playlist(), playlist({ first: 2, uris: ["2.ts", "3.ts"] })],
    "R5",
  ],
  [
    "R7: a discontinuity that is removed and not counted",
    [playlist({ head: "#EXT-X-DISCONTINUITY" }), playlist(slid)],
    "R7",
  ],
  [
    "R9: a change after the end",
    [playlist({ tail: ENDLIST }), playlist({ ...slid, tail: ENDLIST })],
    "R9",
  ],
  ["R10: a type", [playlist({ head: "#EXT-X-PLAYLIST-TYPE:EVENT" })], "R10"],
  ["R12: no date", [playlist({ dateError: null })], "R12"],
  ["R12: dates that are no clock", [playlist({ dateError: 40 })], "R12"],
  [
    "R12: a date that changes",
    [playlist({ uris: ["0.ts", "1.ts"] }), playlist({ uris: ["0.ts", "1.ts"], dateError: 1 })],
    "R12",
  ],
])("%s", ([, texts, rule]) => {
  const checker = new PlaylistChecker();
  for (const [index, text] of texts.entries()) checker.add({ text, atMs: index * 2000 });
  expectRule(checker, rule);
});

test.for<[string, readonly string[], string | undefined]>([
  ["that stays", [movie(), movie()], undefined],
  [
    "whose segments become slices",
    [movie(), movie({ uris: [0, 1, 2, 3].map((k) => `#EXT-X-BYTERANGE:188@${k}\narchive.ts`) })],
    undefined,
  ],
  ["without an end: R9", [movie({ tail: "" })], "R9"],
  ["without its type: R10", [playlist({ dateError: null, tail: ENDLIST })], "R10"],
  ["that gets longer: R10", [movie(), movie({ uris: slid.uris.concat("x.ts") })], "R10"],
  ["whose segments change: R10", [movie(), movie({ uris: slid.uris })], "R10"],
  ["with another target duration: R1", [movie(), movie({ target: 3 })], "R1"],
])("a whole film %s", ([, texts, rule]) => {
  const checker = new PlaylistChecker("vod");
  for (const [index, text] of texts.entries()) checker.add({ text, atMs: index });
  expectRule(checker, rule);
});

const answer = { status: 200, bytes: 188, atMs: 2000 };

test.for<[string, (checker: PlaylistChecker) => void, string | undefined]>([
  ["as it is listed", (c) => c.noteSegment({ uri: "1.ts", ...answer }), undefined],
  ["with 404, listed: R3", (c) => c.noteSegment({ uri: "1.ts", ...answer, status: 404 }), "R3"],
  [
    "without a length: R3",
    (c) => c.noteSegment({ uri: "1.ts", ...answer, bytes: undefined }),
    "R3",
  ],
  [
    "with two lengths: R3",
    (c) => {
      c.noteSegment({ uri: "1.ts", ...answer });
      c.noteSegment({ uri: "1.ts", ...answer, bytes: 376 });
    },
    "R3",
  ],
  // It lasts 2 s, and the longest list that held it 8 s.
  [
    "with 404 just after its removal: R6",
    (c) => c.noteSegment({ uri: "0.ts", ...answer, status: 404, atMs: 11_900 }),
    "R6",
  ],
  [
    "with 404 long after its removal",
    (c) => c.noteSegment({ uri: "0.ts", ...answer, status: 404, atMs: 12_100 }),
    undefined,
  ],
  [
    "with 404, never listed",
    (c) => c.noteSegment({ uri: "9.ts", ...answer, status: 404 }),
    undefined,
  ],
])("a segment that is answered %s", ([, act, rule]) => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist(), atMs: 0 });
  checker.add({ text: playlist(slid), atMs: 2000 });
  act(checker);
  expectRule(checker, rule);
});

test.for<[string, number, (checker: PlaylistChecker) => void, string | undefined]>([
  ["half a target duration later", 1000, () => {}, undefined],
  ["too early: R8", 900, () => {}, "R8"],
  ["one and a half later", 3200, () => {}, undefined],
  ["too late: R8", 3400, () => {}, "R8"],
  ["late, when there was nothing to list", 9000, (c) => c.notePublished("4.ts", 8000), undefined],
  ["too late for what there was: R8", 9500, (c) => c.notePublished("4.ts", 8000), "R8"],
  ["late, after an absence", 5000, (c) => c.noteAbsence(1000, 3000), undefined],
  ["too late, absence and all: R8", 5500, (c) => c.noteAbsence(-5000, 2000), "R8"],
])("a new version %s", ([, atMs, act, rule]) => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist(), atMs: 0 });
  act(checker);
  checker.add({ text: playlist(slid), atMs });
  expectRule(checker, rule);
});

test("R9: a broadcast that ends without saying so", () => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist(), atMs: 0 });
  expect(checker.checkEnd()).toEqual(["R9: no ENDLIST at the end"]);
});

test("R2: an answer that is none of the versions", () => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist(), atMs: 0 });
  checker.noteAnswer({ text: playlist(), encoding: null });
  expectRule(checker, undefined);
  checker.noteAnswer({ text: playlist().slice(0, 50), encoding: null });
  expectRule(checker, "R2");
});

test("R11: a playlist that is gone and does not say so, or takes its segments with it", () => {
  const says = new PlaylistChecker();
  says.add({ text: playlist(), atMs: 0 });
  says.noteGone({ status: 410, atMs: 1000 });
  says.noteSegment({ uri: "3.ts", ...answer, status: 404, atMs: 9100 });
  expectRule(says, undefined);
  says.noteSegment({ uri: "3.ts", ...answer, status: 404, atMs: 8900 });
  expectRule(says, "R11");

  const saysNot = new PlaylistChecker();
  saysNot.noteGone({ status: 200, atMs: 1000 });
  expectRule(saysNot, "R11");
});

test("R13: two playlists of one film that differ", () => {
  const [live, whole, other] = [
    new PlaylistChecker(),
    new PlaylistChecker("vod"),
    new PlaylistChecker("vod"),
  ];
  live.add({ text: playlist(slid), atMs: 0 });
  whole.add({ text: movie({ uris: ["0.ts", ...slid.uris] }), atMs: 0 });
  other.add({ text: movie({ seconds: 1.9 }), atMs: 0 });
  const last = (checker: PlaylistChecker) => checker.versions.at(-1)!;
  expect(variantProblems(last(live), last(whole))).toEqual([]);
  expect(variantProblems(last(live), last(other)).join()).toContain("R13");
});

test("R14: a long playlist that is not compressed", () => {
  const uris = Array.from({ length: 50 }, (_, k) => `segments/${k}.ts`);
  const text = playlist({ uris });
  const checker = new PlaylistChecker();
  checker.add({ text, atMs: 0 });
  checker.noteAnswer({ text, encoding: "gzip" });
  expectRule(checker, undefined);
  checker.noteAnswer({ text, encoding: null });
  expectRule(checker, "R14");
});

test("a film whose source ends early may be cut at its end, and nowhere else", () => {
  const checker = new PlaylistChecker("vod");
  checker.allowCut();
  checker.add({ text: movie(), atMs: 0 });
  const cut = movie({ uris: ["0.ts", "1.ts"] }).replace("2,\n1.ts", "0.5,\n1.ts");
  checker.add({ text: cut, atMs: 1 });
  expectRule(checker, undefined);
  checker.add({ text: cut.replace("2,\n0.ts", "1,\n0.ts"), atMs: 2 });
  expectRule(checker, "R10");
});

test("what begins anew is another film", () => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist({ ...slid, tail: ENDLIST }), atMs: 0 });
  checker.startAnew();
  checker.add({ text: playlist({ ...slid, tail: ENDLIST }), atMs: 50 });
  checker.add({ text: playlist(), atMs: 100 });
  expectRule(checker, undefined);
});
