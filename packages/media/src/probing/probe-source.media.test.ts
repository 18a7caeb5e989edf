import { writeFileSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type ClipOptions } from "@upreel/testkit";
import { expect, test } from "vitest";
import { lookAtContent, type TimedSource } from "../look/content-samples.ts";
import { takeLook } from "../look/take-look.ts";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { probeSource } from "./probe-source.ts";
import { TOOLS, probeFile, readEntries, turnMp4 } from "../testing/test-run.ts";

const SMALL = { width: 96, height: 64, rate: 25, seconds: 2, audio: false } as const;

async function probeClip(name: string, options: Partial<ClipOptions> = {}) {
  await using folder = await makeTempFolder();
  return await probeFile(await makeClip(join(folder.path, name), { ...SMALL, ...options }));
}

test.each([
  ["24000/1001", "film.mkv"],
  ["24/1", "film.mkv"],
  ["25/1", "film.mp4"],
  ["30000/1001", "film.ts"],
  ["30000/1001", "film.flv"],
  ["60/1", "film.mkv"],
  ["60000/1001", "film.mp4"],
  ["24000/1001", "film.avi"],
  ["25/1", "film.webm"],
])("%s fps in %s", async (rate, name) => {
  const codec = name.endsWith("webm") ? "libvpx" : name.endsWith("avi") ? "mpeg4" : "libx264";
  const extraArgs = codec === "libvpx" ? [] : ["-bf", "2"];
  const probed = await probeClip(name, { rate, codec, seconds: 6, extraArgs });
  expect(`${probed.rate.num}/${probed.rate.den}`).toBe(rate);
  const expected = (6 * probed.rate.num) / probed.rate.den;
  // FLV tells where its last picture ends, counted from zero, not how long it is.
  expect(Math.abs(probed.frameCount - expected)).toBeLessThanOrEqual(name.endsWith("flv") ? 3 : 1);
});

test("sound of recordings that were joined as they are is not copied where it overlaps", async () => {
  await using folder = await makeTempFolder();
  const once = await makeClip(join(folder.path, "once.mp4"), { ...SMALL, audio: {} });
  expect((await probeFile(once)).source.audio[0]?.isCopyable).toBe(true);
  // The second one begins a packet early, but for 21 of its 1024 samples, as `-stream_loop` and `-c copy` join some.
  const joined = join(folder.path, "joined.mp4");
  const early = "setts=ts=TS-1003*gte(N\\,50)";
  await runFfmpeg(["-i", once, "-c", "copy", "-bsf:a", early, joined]);
  expect((await probeFile(joined)).source.audio[0]?.isCopyable).toBe(false);
});

test("the pictures are told as timed before anybody has looked at them", async () => {
  await using folder = await makeTempFolder();
  const path = await makeClip(join(folder.path, "film.mp4"), { ...SMALL, audio: {} });
  const { size: sizeBytes, mtimeMs: modifiedMs } = await stat(path);
  const file = { path, sizeBytes, modifiedMs };
  const [ffmpeg, timed, looked] = ["ffmpeg", "timed", "looked"].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  // Looks at nothing before it is told.
  const script = `until [ -e "${timed}" ]; do sleep 0.05; done; : > "${looked}"`;
  await writeFile(ffmpeg, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const told: TimedSource[] = [];
  const onTimed = (film: TimedSource): void => {
    told.push(film);
    writeFileSync(timed, "");
  };
  const { signal } = new AbortController();
  const tools = { ...TOOLS, ffmpeg };
  const { source, rate, zeroMicros, frameCount } = await probeSource(file, tools, signal, {
    onTimed,
  });
  expect(told).toMatchObject([{ rate, zeroMicros, frameCount, source: { ...file, audio: [] } }]);
  expect(told[0]?.source.video).toMatchObject({ index: source.video.index, codec: "h264" });
  expect(await readFile(looked, "utf8")).toBe("");
});

test("a varying rate gives its usual rate, and the count follows the duration", async () => {
  const jumps = ["-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr"];
  const { rate, frameCount } = await probeClip("film.mp4", { seconds: 6, extraArgs: jumps });
  expect(rate).toEqual({ num: 25, den: 1 });
  expect(frameCount).toBe(150);
});

test("zero is where the sound begins, within half a frame, also where the picture begins late", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "film.mkv"), { ...SMALL, audio: {} });
  const late = join(folder.path, "late.ts");
  await runFfmpeg([
    ...["-itsoffset", "0.8", "-i", clip, "-i", clip, "-map", "0:v", "-map", "1:a"],
    ...["-c", "copy", late],
  ]);
  const { zeroMicros, frameCount, source } = await probeFile(late);
  expect(Math.abs(zeroMicros - 1_400_000)).toBeLessThanOrEqual(20_000);
  expect(Math.abs(frameCount - 70)).toBeLessThanOrEqual(1);
  expect(source.audio[0]?.startSeconds).toBeCloseTo((1_400_000 - zeroMicros) / 1e6, 6);
});

test("neither another programme, nor other sound, nor an early word moves a film's beginning", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  const clip = await makeClip(at("film.mkv"), { ...SMALL, audio: {} });
  const words = at("words.srt");
  await writeFile(words, "1\n00:00:00,100 --> 00:00:00,500\nHello\n");
  const late = ["-itsoffset", "0.9", "-i", clip];
  const early = ["-f", "lavfi", "-i", "sine=d=2:r=48000"];
  const tracks = ["-map", "0:v", "-map", "0:a", "-map", "1", "-c:v", "copy", "-c:a", "ac3"];
  for (const [name, args] of [
    ["words.mkv", [...late, "-i", words, ...tracks]],
    ["other-sound.mkv", [...late, ...early, ...tracks, "-disposition:a:1", "comment"]],
    [
      "programmes.ts",
      [
        ...[...late, ...early, ...tracks],
        ...["-program", "st=0:st=1", "-program", "st=2", "-muxdelay", "0", "-muxpreload", "0"],
      ],
    ],
  ] as const) {
    await runFfmpeg([...args, at(name)]);
    const { zeroMicros, rate, frameCount, pieces } = await probeFile(at(name));
    const [first] = await readEntries(at(name), "v", "packet=pts_time");
    // Within a picture: its sound begins somewhat before it.
    expect(Math.abs(zeroMicros / 1e6 - Number(first?.[0])), name).toBeLessThan(0.041);
    expect([rate, Math.abs(frameCount - 50) <= 2, pieces], name).toEqual([
      ...[{ num: 25, den: 1 }, true, undefined],
    ]);
  }
});

test("of two programmes in a transport stream the one with the picture gives the sound", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "film.mkv"), { ...SMALL, audio: {} });
  const two = join(folder.path, "two.ts");
  await runFfmpeg([
    ...["-i", clip, "-map", "0:a", "-map", "0:v", "-map", "0:a", "-c", "copy"],
    ...["-program", "title=radio:st=0", "-program", "title=film:st=1:st=2", two],
  ]);
  const { source } = await probeFile(two);
  expect(source.video.index).toBe(1);
  expect(source.audio.map(({ index }) => index)).toEqual([2]);
});

test("rotation, pixel aspect and odd sizes are read as they are coded", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "film.mp4"), {
    ...SMALL,
    extraArgs: ["-vf", "scale=97:65", "-pix_fmt", "yuv444p", "-aspect", "16:9"],
  });
  await turnMp4(clip);
  const { video } = (await probeFile(clip)).source;
  expect(video).toMatchObject({ width: 97, height: 65, rotation: 90 });
  expect((video.sampleAspect.num * 97) / (video.sampleAspect.den * 65)).toBeCloseTo(16 / 9, 3);
});

test.each([
  ["film.mp4", "libx264"],
  ["film.ts", "libx264"],
  ["film.vob", "mpeg2video"],
  ["film.mkv", "mpeg2video"],
])("interlaced %s by %s is known as such, at its frame rate", async (name, codec) => {
  const { source, rate } = await probeClip(name, {
    ...{ codec, width: 720, height: 480, rate: "30000/1001" },
    extraArgs: ["-vf", "setfield=tff", "-flags", "+ildct+ilme"],
  });
  expect(source.video.isInterlaced).toBe(true);
  expect(rate).toEqual({ num: 30000, den: 1001 });
});

test("a raw stream has its pictures counted", async () => {
  const { frameCount, zeroMicros, source } = await probeClip("film.264", { seconds: 3 });
  expect({ frameCount, zeroMicros }).toEqual({ frameCount: 75, zeroMicros: 0 });
  expect(source.format).toBe("h264");
});

test("without a duration the pictures of the film's own track are counted, not those of another", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "clip.mp4"), { ...SMALL });
  const film = join(folder.path, "film.mkv");
  await runFfmpeg([
    ...["-i", clip, "-map", "0:v", "-map", "0:v", "-c:v:0", "libx264", "-c:v:1", "copy"],
    ...["-filter:v:0", "select='lt(n,5)'", "-disposition:v:0", "0", "-disposition:v:1", "default"],
    ...["-f", "matroska", "-live", "1", film],
  ]);
  const { source, frameCount } = await probeFile(film);
  expect({ index: source.video.index, frameCount }).toEqual({ index: 1, frameCount: 50 });
});

test("colour, sound, subtitles and chapters are read", async () => {
  await using folder = await makeTempFolder();
  const clip = await makeClip(join(folder.path, "film.mp4"), { ...SMALL, audio: {} });
  const words = join(folder.path, "words.srt");
  await writeFile(words, "1\n00:00:00,100 --> 00:00:01,000\nHello\n");
  const meta = join(folder.path, "meta.txt");
  await writeFile(
    meta,
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1500\ntitle=Second\n",
  );
  const film = join(folder.path, "full.mkv");
  await runFfmpeg([
    ...["-i", clip, "-i", words, "-i", meta, "-map", "0:v", "-map", "0:a", "-map", "1"],
    ...["-map_metadata", "2", "-c:v", "libx264", "-c:a", "ac3", "-c:s", "srt"],
    ...["-vf", "setparams=range=pc:colorspace=bt709:color_primaries=bt709:color_trc=bt709"],
    ...["-metadata:s:a", "language=fra", "-disposition:s", "forced", film],
  ]);
  const { source } = await probeFile(film);
  expect(source.video.colour).toMatchObject({
    ...{ range: "pc", matrix: "bt709", primaries: "bt709", transfer: "bt709" },
  });
  expect(source.audio).toMatchObject([{ codec: "ac3", channels: 2, language: "fra" }]);
  expect(source.subtitles).toMatchObject([{ codec: "subrip", isForced: true }]);
  expect(source.chapters).toEqual([
    { startSeconds: expect.closeTo(0.5, 1), endSeconds: expect.closeTo(1.5, 1), title: "Second" },
  ]);
});

test("a cover is no film, and the film beside it is found", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), { ...SMALL, audio: {} });
  const cover = join(folder.path, "cover.png");
  await runFfmpeg(["-i", film, "-frames:v", "1", cover]);
  const both = join(folder.path, "both.mp4");
  const attach = ["-c", "copy", "-disposition:v:0", "attached_pic", "-disposition:v:1", "default"];
  await runFfmpeg(["-i", cover, "-i", film, "-map", "0", "-map", "1", ...attach, both]);
  expect((await probeFile(both)).source.video.codec).toBe("h264");

  const song = join(folder.path, "song.m4a");
  const onlySound = ["-map", "0", "-map", "1:a", "-c", "copy", "-disposition:v", "attached_pic"];
  await runFfmpeg(["-i", cover, "-i", film, ...onlySound, "-f", "mp4", song]);
  await expect(probeFile(song)).rejects.toMatchObject({ code: "source_no_video" });
  await expect(probeFile(cover)).rejects.toMatchObject({ code: "source_no_video" });
});

test("sound alone has no film", async () => {
  await using folder = await makeTempFolder();
  const song = join(folder.path, "song.mka");
  await runFfmpeg(["-f", "lavfi", "-i", "sine=duration=1", song]);
  const refusal = { code: "source_no_video", got: "audio (vorbis)" };
  await expect(probeFile(song)).rejects.toMatchObject({ ...refusal, got: expect.any(String) });
});

test("empty files, texts and films without their index cannot be read", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at("empty.mkv"), "");
  await writeFile(at("text.mkv"), "This is no film at all.\n".repeat(100));
  const clip = await readFile(await makeClip(at("film.mp4"), { ...SMALL }));
  await writeFile(at("cut.mp4"), clip.subarray(0, clip.length / 2));
  for (const name of ["empty.mkv", "text.mkv", "cut.mp4"]) {
    const refusal = expect.objectContaining({ code: "source_unreadable" });
    await expect(probeFile(at(name)), name).rejects.toEqual(refusal);
  }
  const moov = { got: expect.stringContaining("moov atom not found") };
  await expect(probeFile(at("cut.mp4"))).rejects.toMatchObject(moov);
});

test("a playlist cannot stand in for a film: what it names is not even opened", async () => {
  await using folder = await makeTempFolder();
  // Whoever opens it to read waits for ever.
  const trap = join(folder.path, "trap.ts");
  await makeFifo(trap);
  const playlist = join(folder.path, "film.mkv");
  const hls = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n";
  for (const [format, text] of [
    ["hls", `${hls}${trap}\n#EXT-X-ENDLIST\n`],
    ["hls", `${hls}file://${trap}\n#EXT-X-ENDLIST\n`],
    ["concat", `ffconcat version 1.0\nfile ${trap}\n`],
  ] as const) {
    await writeFile(playlist, text);
    const refusal = { code: "source_unreadable", got: `a file of the format ${format}` };
    await expect(probeFile(playlist)).rejects.toMatchObject(refusal);
    const source = { path: playlist, video: { index: 0 } } as Source;
    const timing = { zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 200 };
    const signal = AbortSignal.timeout(240_000);
    await expect(
      lookAtContent({ source, ...timing }, { ...TOOLS, look: takeLook }, signal),
    ).rejects.toThrow("Format not on whitelist");
  }
});

test("names with colons, quotes and dashes are names", async () => {
  const { source } = await probeClip("-it's: 50%25 [x]|y.mkv");
  expect(source.video.codec).toBe("h264");
});

test("all that is started for it stands behind others where told so", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string): string => join(folder.path, name);
  const path = await makeClip(at("film.mkv"), { ...SMALL, rate: 24, seconds: 4 });
  for (const tool of ["ffprobe", "ffmpeg"] as const) {
    // It waits until it does.
    const wait = 'until [ "$(nice)" -ge 10 ]; do sleep 0.02; done';
    await writeFile(at(tool), `#!/bin/sh\n${wait}\nexec ${TOOLS[tool]} "$@"\n`, { mode: 0o755 });
  }
  const { size, mtimeMs } = await stat(path);
  const probed = await probeSource(
    { path, sizeBytes: size, modifiedMs: mtimeMs },
    { ffprobe: at("ffprobe"), ffmpeg: at("ffmpeg"), niceness: 10 },
    AbortSignal.timeout(240_000),
    { readsAll: true },
  );
  expect(probed.source.video.scan).toEqual({ kind: "progressive" });
});
