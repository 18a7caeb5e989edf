import { MOST_SEGMENTS, durationSeconds, type Timeline } from "@upreel/core";
import { Parser } from "m3u8-parser";
import { expect, test } from "vitest";
import { SEGMENTS_A_PIECE, segmentPlaylist, vodPlaylist } from "./vod-playlist.ts";

test("the whole film is listed, with lengths that add up to its own", () => {
  const timeline: Timeline = {
    zeroMicros: 0,
    rate: { num: 24_000, den: 1001 },
    frameCount: 172_627,
    framesPerSegment: 48,
  };
  const parser = new Parser();
  parser.push([...vodPlaylist(timeline)].join(""));
  parser.end();
  const { playlistType, endList, segments, targetDuration } = parser.manifest;
  expect({ playlistType, endList, targetDuration }).toEqual({
    playlistType: "VOD",
    endList: true,
    targetDuration: 3,
  });
  expect(segments).toHaveLength(3597);
  expect(segments[3596]!.uri).toBe("segments/003596.ts");
  const sum = segments.reduce((seconds, { duration }) => seconds + duration, 0);
  expect(Math.abs(sum - durationSeconds(timeline))).toBeLessThan(0.001);
});

test("a film that is being written is listed up to where it is certain, and has an end when it is whole", () => {
  const timeline: Timeline = {
    ...{ zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 100, framesPerSegment: 50 },
    growth: "going",
  };
  const lists = (["going", "over"] as const).map((growth) => ({ ...timeline, growth }));
  const [growing, over] = lists.map((list) => [...vodPlaylist(list)].join(""));
  expect(growing).not.toContain("ENDLIST");
  expect(growing).toContain("#EXT-X-PLAYLIST-TYPE:EVENT");
  expect(growing).toContain("#EXT-X-START:TIME-OFFSET=0\n");
  expect(over).toBe(`${growing}#EXT-X-ENDLIST\n`);
  expect([...vodPlaylist(timeline, undefined, true)].join("")).toBe(over);
  const longer = [...vodPlaylist({ ...timeline, frameCount: 150 })].join("");
  expect(longer.startsWith(growing ?? "")).toBe(true);
  expect([...segmentPlaylist(timeline)].join("")).not.toContain("ENDLIST");
});

test("an archived film is listed as byte ranges of its archive, as long as before", () => {
  const timeline: Timeline = {
    zeroMicros: 0,
    rate: { num: 24_000, den: 1001 },
    frameCount: 100,
    framesPerSegment: 48,
  };
  const parser = new Parser();
  const text = [...vodPlaylist(timeline, [0, 188_000, 300_800, 301_928])].join("");
  parser.push(text);
  parser.end();
  const { playlistType, endList, segments } = parser.manifest;
  expect(Number(/#EXT-X-VERSION:(\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(4);
  expect({ playlistType, endList }).toEqual({ playlistType: "VOD", endList: true });
  expect(segments.map(({ uri, byterange, duration }) => [uri, byterange, duration])).toEqual([
    ["archive.ts", { offset: 0, length: 188_000 }, 2.002],
    ["archive.ts", { offset: 188_000, length: 112_800 }, 2.002],
    ["archive.ts", { offset: 300_800, length: 1128 }, 0.166833],
  ]);
});

test("the longest film's playlist comes in pieces that are quickly made", () => {
  const timeline: Timeline = {
    ...{ zeroMicros: 0, rate: { num: 60, den: 1 }, framesPerSegment: 28 },
    frameCount: MOST_SEGMENTS * 28,
  };
  for (const list of [vodPlaylist, segmentPlaylist]) {
    const counts = [...list(timeline)].map((piece) => piece.match(/#EXTINF/g)?.length ?? 0);
    expect(Math.max(...counts)).toBe(SEGMENTS_A_PIECE);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MOST_SEGMENTS);
  }
});
