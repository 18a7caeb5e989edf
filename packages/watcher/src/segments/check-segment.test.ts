import { makeSegmentBytes, pictureTimes } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { checkSegment, type ExpectedSegment } from "./check-segment.ts";
import { inspectSegment } from "../transport-stream/inspect-segment.ts";
import { PACKET_BYTES } from "../transport-stream/transport-stream.ts";

const times = pictureTimes(50, 10);
const expected: ExpectedSegment = { pictures: 10, firstPts90k: times[0]!, frameTicks: 3600 };
const whole = makeSegmentBytes({ times, audioPackets: 3 });

/** What the problem says was found. */
const got = (bytes: Uint8Array, wanted = expected) => checkSegment(bytes, wanted)?.got;

test("a whole segment passes", () => {
  expect(checkSegment(whole, expected)).toBeUndefined();
  expect(inspectSegment(whole)).toMatchObject({
    videoCodec: "h264",
    looseBytes: 0,
    lostSyncAt: undefined,
    hasAudio: true,
    sound: {
      ...{ fromPts90k: times[0], toPts90k: times[0]! + 3 * 1920, packetTicks: 1920, breaks: [] },
    },
    brokenAudioPackets: 0,
    continuityGaps: 0,
    lastPicture: "whole",
  });
});

test("an HEVC segment passes", () => {
  expect(checkSegment(makeSegmentBytes({ times, codec: "hevc" }), expected)).toBeUndefined();
});

test("pictures may be coded in another order than they are shown", () => {
  const [idr, a, b, c, ...rest] = times;
  const reordered = makeSegmentBytes({ times: [idr!, c!, a!, b!, ...rest] });
  expect(checkSegment(reordered, expected)).toBeUndefined();
});

test("times near the end of the 33-bit clock are read in full", () => {
  const first = 2 ** 33 - 100_000;
  const late = Array.from({ length: 10 }, (_, index) => first + index * 3600);
  const bytes = makeSegmentBytes({ times: late });
  expect(inspectSegment(bytes).pictures.map((picture) => picture.pts90k)).toEqual(late);
  expect(checkSegment(bytes, { ...expected, firstPts90k: first })).toBeUndefined();
});

test("rates whose frames are no whole number of ticks pass with what rounding does", () => {
  const ticks = (90_000 * 1001) / 60_000;
  const times60 = Array.from({ length: 120 }, (_, index) => Math.round((index + 240) * ticks));
  const bytes = makeSegmentBytes({ times: times60 });
  const wanted = { pictures: 120, firstPts90k: times60[0]!, frameTicks: ticks };
  expect(checkSegment(bytes, wanted)).toBeUndefined();
});

describe("rejected is", () => {
  test("an empty file", () => expect(got(new Uint8Array(0))).toBe("0 bytes"));

  test("a file that ends inside a packet", () =>
    expect(got(whole.subarray(0, whole.length - 1))).toBe(`${whole.length - 1} bytes`));

  test("text", () => expect(got(Buffer.alloc(188 * 5, "no film\n"))).toBe("none at byte 0"));

  test("zeros in the middle, as a crash of the machine leaves them", () => {
    const holed = Buffer.from(whole);
    holed.fill(0, 188 * 10, 188 * 12);
    expect(got(holed)).toBe("none at byte 1880");
  });

  test("packets without a programme", () => {
    const nulls = Buffer.alloc(188 * 4);
    for (let at = 0; at < nulls.length; at += 188) nulls.set([0x47, 0x1f, 0xff, 0x10], at);
    expect(checkSegment(nulls, expected)?.message).toBe("segment has no H.264 or HEVC video");
  });

  test("a picture too few, and one too many", () => {
    expect(got(makeSegmentBytes({ times: times.slice(0, -1) }))).toBe("9 pictures");
    expect(got(makeSegmentBytes({ times: pictureTimes(50, 11) }))).toBe("11 pictures");
  });

  test("one that does not start with an IDR", () => {
    expect(checkSegment(makeSegmentBytes({ times, idrs: [] }), expected)?.expected).toBe("an IDR");
    expect(checkSegment(makeSegmentBytes({ times, idrs: [1] }), expected)?.expected).toBe("an IDR");
  });

  test("one that is a frame off, and one that has a frame twice", () => {
    expect(got(makeSegmentBytes({ times: pictureTimes(51, 10) }))).toBe(`PTS ${times[1]}`);
    const doubled = times.with(5, times[4]!);
    expect(got(makeSegmentBytes({ times: doubled }))).toBe(`PTS ${times[4]}`);
  });

  test("one whose IDR is not the first picture shown", () => {
    const late = [times[1]!, times[0]!, ...times.slice(2)];
    expect(checkSegment(makeSegmentBytes({ times: late }), expected)?.message).toBe(
      "segment starts late",
    );
  });

  test("one that lacks a packet", () => {
    const at = 188 * 7;
    const gap = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 188)]);
    expect(checkSegment(gap, expected)?.message).toBe("segment lacks packets");
  });

  test("one cut inside its last audio packet", () => {
    expect(checkSegment(whole.subarray(0, whole.length - 188), expected)?.message).toBe(
      "segment holds broken audio packets",
    );
  });
});

describe("a segment of a film with sound", () => {
  // 19 packets of 21.3 ms are 5 ms longer than 10 pictures of 40 ms.
  const due = Array.from({ length: 19 }, (_, n) => times[0]! + n * 1920);
  const sound = {
    ...{ fromPts90k: times[0]!, toPts90k: times[0]! + 10 * 3600, isFirst: false, isLast: false },
  };
  const saysOf = (packets: readonly number[], change: Partial<typeof sound> = {}) =>
    checkSegment(makeSegmentBytes({ times, audioPackets: packets }), {
      ...expected,
      sound: { ...sound, ...change },
    })?.got;

  test("passes with sound from its start to its end", () => {
    expect(saysOf(due)).toBeUndefined();
    // Packets and key frames meet at no grid.
    expect(saysOf(due.map((pts) => pts - 900))).toBeUndefined();
    expect(saysOf(due.map((pts) => pts + 1900))).toBeUndefined();
    // Times are rounded.
    expect(saysOf(due.map((pts, n) => pts + (n % 3)))).toBeUndefined();
  });

  test("is rejected without", () => {
    expect(saysOf([])).toBe("none");
    expect(saysOf(due.slice(4))).toBe("none in the first 0.085 s");
    expect(saysOf(due.slice(0, -4))).toBe("none in the last 0.080 s");
    expect(saysOf(due.toSpliced(7, 1))).toBe("none for 0.021 s, 0.149 s after its start");
    expect(saysOf(due.toSpliced(7, 0, due[6]!))).toContain("goes back by 0.021 s");
  });

  test("may lack a tenth of a second where the film begins and ends", () => {
    expect(saysOf(due.slice(4), { isFirst: true })).toBeUndefined();
    expect(saysOf(due.slice(0, -4), { isLast: true })).toBeUndefined();
    expect(saysOf(due.slice(8), { isFirst: true })).toBeDefined();
  });

  test("may be too short to have a packet of its own", () => {
    const short = { ...expected, pictures: 1 };
    const toPts90k = sound.fromPts90k + 3600;
    const bytes = makeSegmentBytes({ times: times.slice(0, 1) });
    expect(checkSegment(bytes, { ...short, sound: { ...sound, toPts90k } })).toBeUndefined();
  });
});

describe("a file that ends with its last picture", () => {
  test("is complete when it ends in stuffing", () => {
    expect(checkSegment(makeSegmentBytes({ times }), expected)).toBeUndefined();
  });

  test("is in doubt when the picture fills its last packet: a cut one looks the same", () => {
    // 14 bytes of PES header and 170 of picture are one packet's payload.
    const full = makeSegmentBytes({ times, pictureBytes: 170 + 184 });
    expect(checkSegment(full, expected)).toMatchObject({ isDoubt: true });
    const cut = makeSegmentBytes({ times }).subarray(0, -PACKET_BYTES);
    expect(checkSegment(cut, expected)).toMatchObject({ isDoubt: true });
  });

  test("is never in doubt when the encoder declares the lengths of pictures", () => {
    const full = makeSegmentBytes({ times, pictureBytes: 170 + 184, declaresLength: true });
    expect(checkSegment(full, expected)).toBeUndefined();
    expect(checkSegment(full.subarray(0, -PACKET_BYTES), expected)).toMatchObject({
      isDoubt: false,
    });
  });
});
