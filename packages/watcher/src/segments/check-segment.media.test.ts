import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, type RunEnd, type Timeline } from "@upreel/core";
import { makeRun, makeTempFolder, makeTimeline, type MadeRun } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { checkSegment } from "./check-segment.ts";
import { expectSegment } from "./expect-segment.ts";
import { inspectSegment } from "../transport-stream/inspect-segment.ts";
import { PACKET_BYTES } from "../transport-stream/transport-stream.ts";

async function makeSegments(run: MadeRun): Promise<Buffer[]> {
  await using temp = await makeTempFolder();
  await makeRun(temp.path, run);
  const names = (await readdir(temp.path)).filter((name) => /^\d{6}\.ts$/.test(name));
  return await Promise.all(names.toSorted().map((name) => readFile(join(temp.path, name))));
}

const expectedOf = (timeline: Timeline, k: number, end?: RunEnd, hasSound = false) =>
  expectSegment({ timeline, fromSegment: 0, toSegment: segmentCount(timeline), hasSound }, k, end)!;

describe("what ffmpeg makes passes:", () => {
  const film = { num: 24_000, den: 1001 };
  test.for<[string, MadeRun]>([
    ["film rate with sound", { timeline: makeTimeline(40, film) }],
    ["no sound", { timeline: makeTimeline(40), audio: false }],
    ["60 frames a second", { timeline: makeTimeline(100, { num: 60_000, den: 1001 }) }],
    ["B-frames", { timeline: makeTimeline(40, film), encoderArgs: ["-preset", "veryfast"] }],
    ["HEVC", { timeline: makeTimeline(40), codec: "libx265" }],
    ["a last segment of one frame", { timeline: makeTimeline(27) }],
    ["declared lengths", { timeline: makeTimeline(40), muxerOptions: ["omit_video_pes_length=0"] }],
  ])("%s", async ([, run]) => {
    const { timeline } = run;
    const segments = await makeSegments(run);
    expect(segments).toHaveLength(segmentCount(timeline));
    for (const [k, bytes] of segments.entries()) {
      const expected = expectedOf(timeline, k, undefined, run.audio !== false);
      const problem = checkSegment(bytes, expected);
      // One in 184 files without sound ends with a full packet.
      if (problem?.isDoubt !== true) expect(problem, `segment ${k}`).toBeUndefined();
    }
  });

  test("a run that begins in the middle", async () => {
    const timeline = makeTimeline(40);
    const [second] = await makeSegments({ timeline, fromSegment: 1, frames: 13 });
    expect(checkSegment(second!, expectedOf(timeline, 1))).toBeUndefined();
  });
});

describe("what ffmpeg makes is rejected", () => {
  const timeline = makeTimeline(26);

  test.for([true, false])("when it is cut anywhere (sound: %s)", async (audio) => {
    const [bytes] = await makeSegments({ timeline, audio });
    const expected = expectedOf(timeline, 0);
    const passing: number[] = [];
    for (let length = 0; length < bytes!.length; length += PACKET_BYTES) {
      const problem = checkSegment(bytes!.subarray(0, length), expected);
      if (problem === undefined) passing.push(length);
    }
    // Only whole sound packets at the very end can be missed, and no picture with them.
    for (const length of passing) {
      const lost = inspectSegment(bytes!).pictures.filter((p) => p.byteOffset >= length);
      expect(lost).toEqual([]);
      expect(bytes![length + 1]! & 0x40, "cut at the start of a packet of sound").not.toBe(0);
    }
    expect(passing.length).toBeLessThanOrEqual(audio ? 3 : 0);
  });

  test("when one packet in it is lost or holds something else", async () => {
    const [bytes] = await makeSegments({ timeline });
    const expected = expectedOf(timeline, 0);
    for (let at = PACKET_BYTES * 4; at < bytes!.length; at += PACKET_BYTES * 7) {
      const lost = Buffer.concat([bytes!.subarray(0, at), bytes!.subarray(at + PACKET_BYTES)]);
      expect(checkSegment(lost, expected), `lost at ${at}`).toBeDefined();
      const zeroed = Buffer.from(bytes!).fill(0, at, at + PACKET_BYTES);
      expect(checkSegment(zeroed, expected), `zeroed at ${at}`).toBeDefined();
    }
  });

  test("when it has no sound though its film has", async () => {
    const [bytes] = await makeSegments({ timeline, audio: false });
    const problem = checkSegment(bytes!, expectedOf(timeline, 0, undefined, true));
    expect(problem).toMatchObject({ code: "sound_missing", got: "none" });
  });

  test("when it stands a frame off the timeline", async () => {
    const [bytes] = await makeSegments({ timeline, shiftFrames: 1 });
    expect(checkSegment(bytes!, expectedOf(timeline, 0))?.message).toContain("wrong time");
  });

  test("when it starts with an I-frame that is no IDR", async () => {
    // Open GOPs: later key frames are recovery points, which a player may not start at.
    const run = { timeline, encoderArgs: ["-x264-params", "open-gop=1:bframes=2:keyint=13"] };
    const segments = await makeSegments({
      ...run,
      encoderArgs: [...run.encoderArgs, "-forced-idr", "0"],
    });
    const problems = segments.map((bytes, k) => checkSegment(bytes, expectedOf(timeline, k)));
    expect(problems[1]).toBeDefined();
  });
});

test("3 MB are checked sooner than their bytes can be summed up", async () => {
  const timeline = { ...makeTimeline(50), framesPerSegment: 50 };
  const [bytes] = await makeSegments({
    ...{ timeline, size: "1280x720" },
    encoderArgs: [
      "-b:v",
      "14M",
      "-minrate",
      "14M",
      "-maxrate",
      "14M",
      "-bufsize",
      "1M",
      "-nal-hrd",
      "cbr",
    ],
  });
  expect(bytes!.length).toBeGreaterThan(2.5e6);
  const shortest = (work: () => void): number => {
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  const check = shortest(() =>
    expect(checkSegment(bytes!, expectedOf(timeline, 0))).toBeUndefined(),
  );
  // On the same machine, at the same time.
  const look = shortest(() => bytes!.reduce((sum, byte) => (sum + byte) % 65_521, 0));
  expect(check).toBeLessThan(look);
});
