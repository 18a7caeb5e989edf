import { expect, test } from "vitest";
import { PlaylistChecker } from "./playlist-checker.ts";

interface Shape {
  readonly first?: number;
  readonly uris?: readonly string[];
  readonly seconds?: number;
  readonly target?: number;
  readonly tail?: string;
  readonly head?: string;
}

const playlist = (shape: Shape = {}): string => {
  const { first = 0, uris = ["0.ts", "1.ts", "2.ts", "3.ts"], seconds = 2, target = 2 } = shape;
  return [
    "#EXTM3U",
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...(shape.head === undefined ? [] : [shape.head]),
    ...uris.flatMap((uri) => [`#EXTINF:${seconds},`, uri]),
    ...(shape.tail === undefined ? [] : [shape.tail]),
    "",
  ].join("\n");
};

const slid = { first: 1, uris: ["1.ts", "2.ts", "3.ts", "4.ts"] };

test.for<[string, readonly string[], string | undefined]>([
  ["growth and sliding", [playlist(), playlist(slid)], undefined],
  ["R1: another target duration", [playlist(), playlist({ target: 3 })], "R1"],
  ["R1: a segment above the target duration", [playlist({ seconds: 2.6 })], "R1"],
  ["R2: half a file", [playlist().slice(0, 60)], "R2"],
  ["R2: an empty file", [""], "R2"],
  ["R2: a segment that changes", [playlist(), playlist({ uris: ["0.ts", "x.ts"] })], "R2"],
  ["R4: a sequence that goes back", [playlist(slid), playlist()], "R4"],
  ["R4: a removal that is not counted", [playlist(), playlist({ uris: slid.uris })], "R4"],
  [
    "R5: a list that gets too short",
    [playlist(), playlist({ first: 2, uris: ["2.ts", "3.ts"] })],
    "R5",
  ],
  [
    "R7: a discontinuity that is removed and not counted",
    [
      playlist({ uris: ["0.ts", "1.ts", "2.ts", "3.ts"], head: "#EXT-X-DISCONTINUITY" }),
      playlist(slid),
    ],
    "R7",
  ],
  [
    "R9: a change after the end",
    [playlist({ tail: "#EXT-X-ENDLIST" }), playlist({ ...slid, tail: "#EXT-X-ENDLIST" })],
    "R9",
  ],
  ["R10: a type", [playlist({ head: "#EXT-X-PLAYLIST-TYPE:EVENT" })], "R10"],
])("%s", ([, texts, rule]) => {
  const checker = new PlaylistChecker();
  for (const [index, text] of texts.entries()) checker.add({ text, atMs: index * 1000 });
  if (rule === undefined) expect(checker.problems).toEqual([]);
  else expect(checker.problems.join("\n")).toContain(rule);
});

test("R9: a broadcast that ends without saying so", () => {
  const checker = new PlaylistChecker();
  checker.add({ text: playlist(), atMs: 0 });
  expect(checker.checkEnd()).toEqual(["R9: no ENDLIST at the end"]);
});
