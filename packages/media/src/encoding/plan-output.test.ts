import type { Source, VideoTrack } from "@upreel/core";
import { expect, test } from "vitest";
import { encodeSound } from "../sound/plan-audio.ts";
import { planOutput } from "./plan-output.ts";

const VIDEO: VideoTrack = {
  index: 0,
  codec: "h264",
  pixelFormat: "yuv420p",
  bitDepth: 8,
  width: 640,
  height: 360,
  sampleAspect: { num: 1, den: 1 },
  rotation: 0,
  isInterlaced: false,
  colour: {},
};
const SOUND = {
  index: 1,
  codec: "aac",
  profile: "LC",
  channels: 2,
  sampleRate: 48_000,
  isCopyable: true,
};

function makeSource(video: Partial<VideoTrack>, audio: readonly object[] = []): Source {
  const tracks = audio.map((track, i) => ({ ...SOUND, index: i + 1, isDefault: false, ...track }));
  return {
    path: "/media/Film.mkv",
    sizeBytes: 1,
    modifiedMs: 1,
    format: "matroska,webm",
    durationSeconds: 60,
    video: { ...VIDEO, ...video },
    audio: tracks,
    subtitles: [],
    chapters: [],
  };
}

const plan = (video: Partial<VideoTrack>, scale = 2, audio: readonly object[] = []) =>
  planOutput({
    source: makeSource(video, audio),
    scale,
    encoder: "libx264",
    quality: 20,
    maxOutputHeight: 2160,
  });

const sizes = (video: Partial<VideoTrack>, scale = 2) => {
  const { inputWidth, inputHeight, width, height } = plan(video, scale);
  return [inputWidth, inputHeight, width, height];
};

test("the output is the input times the scale", () => {
  expect(sizes({})).toEqual([640, 360, 1280, 720]);
  expect(sizes({ width: 1440, height: 1074 })).toEqual([1440, 1074, 2880, 2148]);
});

test("a picture with odd sides keeps them, and its output has even ones", () => {
  expect(sizes({ width: 641, height: 361 })).toEqual([641, 361, 1282, 722]);
  expect(sizes({ width: 641, height: 361 }, 3)).toEqual([641, 361, 1924, 1084]);
});

test("half as large again is what a network of ×1.5 gives: even sides, rounded down", () => {
  expect(sizes({ width: 1280, height: 720 }, 1.5)).toEqual([1280, 720, 1920, 1080]);
  expect(sizes({ width: 853, height: 481 }, 1.5)).toEqual([853, 481, 1278, 720]);
  expect(sizes({ width: 1, height: 2 }, 1.5)).toEqual([1, 2, 2, 2]);
});

test("codecs that do not smooth the edges of their blocks are told", () => {
  const told = (codec: string): boolean | undefined => plan({ codec }).leavesBlocks;
  for (const codec of ["mpeg1video", "mpeg2video", "mpeg4", "msmpeg4v3", "flv1", "wmv2"]) {
    expect(told(codec), codec).toBe(true);
  }
  for (const codec of ["h264", "hevc", "vp8", "vp9", "av1", "vc1", "prores", "wmv3"]) {
    expect(told(codec), codec).toBeUndefined();
  }
});

test("a turned picture stands upright", () => {
  expect(sizes({ rotation: 90 })).toEqual([360, 640, 720, 1280]);
  expect(sizes({ rotation: 180 })).toEqual([640, 360, 1280, 720]);
});

test("pixels become square: the height stays", () => {
  const wide = { width: 720, height: 576, sampleAspect: { num: 64, den: 45 } };
  expect(sizes(wide)).toEqual([1024, 576, 2048, 1152]);
  const narrow = { width: 720, height: 480, sampleAspect: { num: 8, den: 9 } };
  expect(sizes(narrow)).toEqual([640, 480, 1280, 960]);
  expect(sizes({ ...wide, rotation: 270 })).toEqual([576, 1024, 1152, 2048]);
});

test("an output that would be too high is fitted, and keeps its shape", () => {
  expect(sizes({ width: 1920, height: 1080 }, 4)).toEqual([1920, 1080, 3840, 2160]);
  expect(sizes({ width: 1080, height: 1920 }, 4)).toEqual([1080, 1920, 2160, 3840]);
  expect(sizes({ width: 1440, height: 1440 }, 2)).toEqual([1440, 1440, 2160, 2160]);
});

test("H.264 is never wider than the 4096 pixels that players take", () => {
  expect(sizes({ width: 1280, height: 536 }, 4)).toEqual([1280, 536, 4096, 1716]);
});

test("a source of the largest size or more is refused", () => {
  const expected = expect.objectContaining({ code: "source_too_large" });
  expect(() => plan({ width: 3840, height: 2160 })).toThrow(expected);
  expect(() => plan({ width: 3840, height: 2160, rotation: 90 })).toThrow(expected);
});

test.each([
  [{ scale: 2 as const }, /short side under 2160 pixels \(MAX_OUTPUT_HEIGHT\)/],
  [{ scale: 2 as const, targetHeight: 720 }, /larger screen \(TARGET_HEIGHT\)/],
  [{ scale: "auto" as const }, /larger screen \(TARGET_HEIGHT\)/],
  [{ scale: "auto" as const, targetHeight: 4320 }, /under 2160 pixels \(MAX_OUTPUT_HEIGHT\)/],
])(
  "a film that is refused as too large names the setting that would help: %j",
  (wish, expected) => {
    const source = makeSource({ width: 3840, height: 2160 });
    const request = { source, encoder: "libx264", quality: 20, maxOutputHeight: 2160 } as const;
    expect(() => planOutput({ ...request, ...wish })).toThrow(
      expect.objectContaining({ expected: expect.stringMatching(expected) as string }) as Error,
    );
  },
);

test("the best quality is one that players know: lossless H.264 is not", () => {
  const request = { source: makeSource({}), encoder: "libx264", scale: 2 } as const;
  expect(planOutput({ ...request, quality: 0, maxOutputHeight: 2160 }).quality).toBe(1);
});

test("HDR becomes SDR; what has no base layer is refused", () => {
  const hdr = { name: "HDR10", base: "pq", peakNits: 1000 } as const;
  const colour = { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084" };
  expect(plan({ hdr, colour }).colour).toMatchObject({ matrix: "bt709", transfer: "bt709" });
  const dolby = { ...hdr, name: "Dolby Vision 5", base: "none" } as const;
  expect(() => plan({ hdr: dolby })).toThrow(expect.objectContaining({ code: "source_hdr" }));
});

test("colours that the file leaves open are those that players assume for its size", () => {
  expect(plan({}).colour).toMatchObject({ matrix: "smpte170m", range: "tv" });
  expect(plan({ width: 720, height: 576 }).colour.matrix).toBe("bt470bg");
  expect(plan({ width: 1280, height: 720 }).colour).toMatchObject({
    matrix: "bt709",
    primaries: "bt709",
    transfer: "bt709",
  });
});

test("colours that the file names stay", () => {
  const colour = { range: "pc", matrix: "bt709", primaries: "bt709", transfer: "bt709" } as const;
  expect(plan({ colour: { ...colour, chromaLocation: "topleft" } }).colour).toEqual({
    ...colour,
    chromaLocation: "topleft",
  });
});

test("RGB becomes ordinary YUV", () => {
  const rgb = { pixelFormat: "gbrp", colour: { range: "pc", matrix: "gbr" } } as const;
  expect(plan(rgb).colour).toMatchObject({ matrix: "bt709", range: "tv" });
});

test("sound that HLS clients play is copied", () => {
  expect(plan({}, 2, [{}]).audio).toEqual({ kind: "copy", index: 1, sampleRate: 48_000 });
  expect(plan({}, 2, [{ channels: 6 }]).audio.kind).toBe("copy");
  expect(plan({}, 2, [{ profile: "HE-AAC" }]).audio.kind).toBe("copy");
});

test("MP3 is encoded: what is copied may have to be encoded from some segment on, and keeps its codec so", () => {
  const mp3 = { codec: "mp3", profile: undefined };
  expect(plan({}, 2, [mp3]).audio).toMatchObject({ kind: "aac", channels: 2 });
  const aac = plan({}, 2, [{}]);
  expect(encodeSound(aac, makeSource({}, [{}])).audio.kind).toBe("aac");
});

test("other sound becomes stereo AAC", () => {
  const aac = { kind: "aac", index: 1, sampleRate: 48_000, channels: 2, bitrate: 192_000 };
  expect(plan({}, 2, [{ codec: "ac3", channels: 6 }]).audio).toEqual(aac);
  expect(plan({}, 2, [{ profile: "Main" }]).audio).toEqual(aac);
  expect(plan({}, 2, [{ sampleRate: 22_050 }]).audio).toEqual(aac);
  expect(plan({}, 2, [{ codec: "flac", sampleRate: 44_100, channels: 1 }]).audio).toEqual({
    ...aac,
    sampleRate: 44_100,
    channels: 1,
    bitrate: 96_000,
  });
});

test("sound that players cannot begin anywhere is encoded, 5.1 as 5.1", () => {
  const track = { isCopyable: false };
  expect(plan({}, 2, [track]).audio).toMatchObject({ kind: "aac", channels: 2 });
  expect(plan({}, 2, [{ ...track, channels: 6 }]).audio).toMatchObject({
    kind: "aac",
    channels: 6,
  });
  expect(plan({}, 2, [{ ...track, channels: 3 }]).audio).toMatchObject({
    kind: "aac",
    channels: 6,
  });
});

test("sound that cannot be copied after all is encoded in as many channels", () => {
  const encoded = (track: object) =>
    encodeSound(plan({}, 2, [track]), makeSource({}, [track])).audio;
  expect(encoded({ channels: 6 })).toMatchObject({ kind: "aac", channels: 6 });
  expect(encoded({ codec: "ac3", channels: 6 })).toMatchObject({ kind: "aac", channels: 2 });
});

test("the default track is taken, else the first, and a film without sound has none", () => {
  expect(plan({}, 2, [{}, { isDefault: true }]).audio).toMatchObject({ index: 2 });
  expect(plan({}, 2, [{}, {}]).audio).toMatchObject({ index: 1 });
  expect(plan({}, 2, []).audio).toEqual({ kind: "none" });
  expect(plan({}, 2, [{ channels: 0 }]).audio).toEqual({ kind: "none" });
});

test("a commentary is the film's sound only where there is no other, whatever its flags", () => {
  const comment = { isAside: true, isDefault: true };
  expect(plan({}, 2, [comment, {}]).audio).toMatchObject({ index: 2 });
  expect(plan({}, 2, [comment, {}, { isDefault: true }]).audio).toMatchObject({ index: 3 });
  expect(plan({}, 2, [comment]).audio).toMatchObject({ index: 1 });
});
