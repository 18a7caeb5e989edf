import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, segmentFileName } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinParts, makePart, offset } from "../testing/test-parts.ts";
import { planFile, readEntries, runSegments, TOOLS, type TestPlan } from "../testing/test-run.ts";
import { exportFilm as exportWith, type FilmToExport } from "./export-film.ts";

const { signal } = new AbortController();
const SECONDS = 8;

async function exportFilm(film: Omit<FilmToExport, "scratch">): Promise<readonly string[]> {
  await using scratch = await makeTempFolder();
  return await exportWith({ ...film, scratch: scratch.path }, TOOLS, signal);
}

interface MadeFilm {
  readonly plan: TestPlan;
  readonly archive: string;
}

/** What tests only read. */
let shared: MadeFilm & { readonly folder: TempFolder };
beforeAll(async () => {
  const folder = await makeTempFolder();
  shared = { folder, ...(await makeFilm(folder.path)) };
});
afterAll(() => shared.folder[Symbol.asyncDispose]());

/** A source with two sound tracks, two of subtitles and two chapters, and a film made of its pictures. */
async function makeFilm(folder: string): Promise<MadeFilm> {
  const at = (name: string) => join(folder, name);
  const clip = await makeClip(at("clip.mp4"), {
    width: 64,
    height: 36,
    rate: 25,
    seconds: SECONDS,
  });
  for (const language of ["eng", "deu"]) {
    await writeFile(at(`${language}.srt`), `1\n00:00:02,000 --> 00:00:03,500\n${language}\n`);
  }
  const chapter = (n: number) =>
    `[CHAPTER]\nTIMEBASE=1/1\nSTART=${4 * n}\nEND=${4 * n + 4}\ntitle=Part ${n}\n`;
  await writeFile(at("chapters.txt"), `;FFMETADATA1\n${chapter(0)}${chapter(1)}`);
  await runFfmpeg([
    ...["-i", clip, "-f", "lavfi", "-i", `sine=880:d=${SECONDS}`],
    ...["-i", at("eng.srt"), "-i", at("deu.srt"), "-i", at("chapters.txt")],
    ...["-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2", "-map", "3"],
    ...["-map_chapters", "4", "-c", "copy", "-c:a:1", "ac3", "-c:s:0", "subrip", "-c:s:1", "ass"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=deu"],
    at("source.mkv"),
  ]);
  return {
    plan: await planFile(at("source.mkv")),
    archive: await archiveOf(folder, at("source.mkv")),
  };
}

/** The pictures and the sound of a film as its archive has them, without a network. */
async function archiveOf(folder: string, source: string): Promise<string> {
  const at = (name: string) => join(folder, name);
  const plan = await planFile(source);
  const run = at("run");
  const toSegment = segmentCount(plan.timeline);
  await runSegments(plan, { folder: run, fromSegment: 0, toSegment });
  const names = Array.from({ length: toSegment }, (_, k) => segmentFileName(k));
  const archive = at("archive.ts");
  const segments = await Promise.all(names.map((name) => readFile(join(run, name))));
  await writeFile(archive, Buffer.concat(segments));
  return archive;
}

const tracks = async (path: string): Promise<string[]> => {
  const { source } = await planFile(path);
  const others = [...source.audio, ...source.subtitles];
  return [
    `${source.video.codec} ${source.video.width}`,
    ...others.map(({ codec, language }) => `${codec} ${language}`),
  ];
};

test.each([
  ["mkv", ["subrip eng", "ass deu"]],
  ["mp4", ["mov_text eng", "mov_text deu"]],
] as const)(
  "an %s holds the pictures, all sound and subtitles, and the chapters",
  async (format, text) => {
    await using folder = await makeTempFolder();
    const { plan, archive } = shared;
    const target = join(folder.path, `film.${format}`);
    expect(await exportFilm({ ...plan, archive, format, target })).toEqual([]);
    expect(await tracks(target)).toEqual(["h264 128", "aac eng", "ac3 deu", ...text]);
    // In step: sound, words and chapters are where they were, the first picture is at zero.
    const [first] = await readEntries(target, "v:0", "packet=pts_time");
    expect(Math.abs(Number(first?.[0]))).toBeLessThan(0.03);
    const words = (await readEntries(target, "s:0", "packet=pts_time,size")).filter(
      ([, size]) => Number(size) > 2,
    );
    expect(Number(words[0]?.[0])).toBeCloseTo(2, 1);
    const again = await planFile(target);
    expect(again.source.chapters).toMatchObject([
      { startSeconds: expect.closeTo(0, 1), title: "Part 0" },
      // The first frame begins with the first picture or up to a frame before the first sound.
      { startSeconds: expect.closeTo(4, 1), title: "Part 1" },
    ]);
  },
);

test("what lies beside the source is in the export, by what its name says; a damaged one is told", async () => {
  await using folder = await makeTempFolder();
  const { plan, archive } = await makeFilm(folder.path);
  const at = (name: string) => join(folder.path, name);
  await writeFile(at("source.fr.forced.srt"), "1\n00:00:02,000 --> 00:00:03,500\nfrançais\n");
  await writeFile(at("source.xx.ass"), "#EXTM3U\nhttp://127.0.0.1:1/\n");
  await writeFile(at("source.it.srt"), "");
  await writeFile(at("sourcery.es.srt"), "1\n00:00:02,000 --> 00:00:03,500\nno\n");
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `sine=440:d=${SECONDS}`, "-c:a", "ac3", at("source.Radio.es.mka")],
  ]);
  const target = at("film.mkv");
  const leftOut = await exportFilm({ ...plan, archive, format: "mkv", target });
  expect(leftOut.map((text) => text.split(":")[0])).toEqual(["source.it.srt", "source.xx.ass"]);
  expect(await tracks(target)).toEqual([
    ...["h264 128", "aac eng", "ac3 deu", "ac3 spa", "subrip eng", "ass deu", "subrip fre"],
  ]);
  const { source } = await planFile(target);
  expect(source.subtitles.at(-1)).toMatchObject({ isForced: true, isDefault: false });
  expect(source.audio.at(-1)).toMatchObject({ title: "Radio", isDefault: false });
  const [words] = (await readEntries(target, "s:2", "packet=pts_time,size")).slice(0, 1);
  expect(Number(words?.[0])).toBeCloseTo(2, 1);
});

test("what a format cannot hold is left out and told", async () => {
  await using folder = await makeTempFolder();
  const { plan, archive } = shared;
  const [english] = plan.source.subtitles;
  const source = {
    ...plan.source,
    subtitles: [{ ...english!, codec: "hdmv_pgs_subtitle" }],
    audio: plan.source.audio.map((track, at) =>
      at === 1 ? { ...track, codec: "pcm_s16le" } : track,
    ),
  };
  const target = join(folder.path, "film.mp4");
  const leftOut = await exportFilm({ ...plan, source, archive, format: "mp4", target });
  expect(leftOut).toEqual([
    "sound 2 (deu): mp4 cannot hold pcm_s16le",
    "subtitles 3 (eng): mp4 cannot hold hdmv_pgs_subtitle",
  ]);
  expect(await tracks(target)).toEqual(["h264 128", "aac eng"]);
});

test("a film that lacks pictures is refused, and so is one whose source is gone", async () => {
  await using folder = await makeTempFolder();
  const { plan, archive } = shared;
  const target = join(folder.path, "film.mkv");
  const request = { ...plan, archive, format: "mkv", target } as const;
  const longer = { ...plan.timeline, frameCount: plan.timeline.frameCount + 5 };
  await expect(exportFilm({ ...request, timeline: longer })).rejects.toMatchObject({
    code: "export_failed",
    expected: `${longer.frameCount} pictures`,
  });
  const source = { ...plan.source, path: join(folder.path, "gone.mkv") };
  await expect(exportFilm({ ...request, source })).rejects.toMatchObject({
    code: "export_failed",
  });
});

/** How often sound goes through zero in a tenth of a second, from `seconds` on: twice its tone in hertz / 10. */
async function toneAt(path: string, track: number, seconds: number): Promise<number> {
  const raw = `${path}.${track}.${seconds}.raw`;
  await runFfmpeg([
    ...["-i", path, "-map", `0:a:${track}`, "-af", `atrim=${seconds}:${seconds + 0.1}`],
    ...["-ac", "1", "-f", "s16le", raw],
  ]);
  const bytes = await readFile(raw);
  let crossings = 0;
  for (let at = 2; at < bytes.length; at += 2) {
    if (bytes.readInt16LE(at - 2) < 0 !== bytes.readInt16LE(at) < 0) crossings += 1;
  }
  return crossings * 5;
}

test("of a recording whose clock jumps, all sound is in it, and in step", async () => {
  await using folder = await makeTempFolder();
  const twoSounds = (hertz: number) => [
    ...["-map", "0:v", "-map", "1:a", "-map", "1:a", "-c:a:1", "ac3", "-ac:a:1", "2"],
    ...["-filter:a:1", `asetrate=48000*${hertz}/440,aresample=48000,apad,atrim=end=3`],
  ];
  const plan = await joinParts(folder.path, "twice.ts", [
    { number: 0, seconds: 3, args: [...twoSounds(880), ...offset(500)] },
    { number: 75, seconds: 3, args: [...twoSounds(1_760), ...offset(20)] },
  ]);
  expect(plan.timeline.pieces).toHaveLength(2);
  const archive = await archiveOf(folder.path, plan.source.path);
  for (const format of ["mkv", "mp4"] as const) {
    const target = join(folder.path, `export.${format}`);
    expect(await exportFilm({ ...plan, archive, format, target })).toEqual([]);
    const made = await planFile(target);
    expect(made.timeline.pieces).toBeUndefined();
    expect(made.source.audio.map(({ codec, endSeconds }) => [codec, endSeconds])).toEqual([
      ["aac", expect.closeTo(6, 0)],
      ["aac", expect.closeTo(6, 0)],
    ]);
    for (const [seconds, hertz] of [
      [0.3, 880],
      [3.3, 1_760],
    ] as const) {
      expect(Math.abs((await toneAt(target, 0, seconds)) - 440), "first").toBeLessThan(20);
      expect(Math.abs((await toneAt(target, 1, seconds)) - hertz), "second").toBeLessThan(30);
    }
  }
});

test("of a film whose hole is closed, words and chapters behind it are where its pictures are", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  // Four seconds, twenty in which there is nothing, and four more.
  const clip = await makePart(at("clip.mkv"), {
    ...{ number: 0, seconds: 8, filter: "setpts='PTS+gte(T,4)*20/TB'" },
    args: ["-af", "asetpts='PTS+gte(T,4)*20/TB'", "-fps_mode", "passthrough"],
  });
  const cue = (from: string, to: string, text: string) => `00:00:${from} --> 00:00:${to}\n${text}`;
  const cues = [
    ...[cue("01,000", "02,000", "early"), cue("03,500", "20,000", "into the hole")],
    ...[cue("10,000", "12,000", "in it"), cue("25,000", "26,000", "late")],
    "01:00:00,000 --> 01:00:05,000\nbehind the end",
  ];
  await writeFile(at("words.srt"), cues.map((text, n) => `${n + 1}\n${text}\n`).join("\n"));
  const chapters = [
    [0, 3],
    [3, 26],
    [26, 28],
    [40, 50],
  ].map(
    ([start, end]) => `[CHAPTER]\nTIMEBASE=1/1\nSTART=${start}\nEND=${end}\ntitle=From ${start}\n`,
  );
  await writeFile(at("chapters.txt"), `;FFMETADATA1\n${chapters.join("")}`);
  await runFfmpeg([
    ...["-i", clip, "-i", at("words.srt"), "-i", at("chapters.txt"), "-map", "0", "-map", "1"],
    ...["-map", "1", "-map_chapters", "2", "-c", "copy", "-c:s:0", "ass", "-c:s:1", "subrip"],
    ...["-metadata:s:s:0", "language=eng", "-disposition:s:1", "forced", at("film.mkv")],
  ]);
  const plan = await planFile(at("film.mkv"));
  expect(plan.timeline.pieces).toHaveLength(2);
  const archive = await archiveOf(folder.path, at("film.mkv"));
  for (const [format, codecs] of [
    ["mkv", ["ass", "subrip"]],
    ["mp4", ["mov_text", "mov_text"]],
  ] as const) {
    const target = at(`export.${format}`);
    expect(await exportFilm({ ...plan, archive, format, target })).toEqual([]);
    const made = await planFile(target);
    expect(made.source.durationSeconds).toBeCloseTo(8, 0);
    const subtitles = made.source.subtitles;
    expect(subtitles.map(({ codec, isForced }) => [codec, isForced])).toEqual([
      [codecs[0], false],
      [codecs[1], true],
    ]);
    expect(subtitles[0]?.language).toBe("eng");
    expect(made.source.chapters).toMatchObject([
      { startSeconds: expect.closeTo(0, 1), title: "From 0" },
      { startSeconds: expect.closeTo(3, 1), title: "From 3" },
      { startSeconds: expect.closeTo(6, 1), title: "From 26" },
    ]);
    for (const track of ["s:0", "s:1"]) {
      const packets = await readEntries(target, track, "packet=pts_time,duration_time,size");
      const shown = packets
        .filter(([, , size]) => Number(size) > 2)
        .map(([from, seconds]) => [Number(from), Number(from) + Number(seconds)]);
      expect(shown, `${format} ${track}`).toEqual([
        [expect.closeTo(1, 1), expect.closeTo(2, 1)],
        [expect.closeTo(3.5, 1), expect.closeTo(4, 1)],
        [expect.closeTo(5, 1), expect.closeTo(6, 1)],
      ]);
    }
  }
});

test("words that are shown behind the last picture make no film longer", async () => {
  await using folder = await makeTempFolder();
  const { plan: whole, archive } = shared;
  const at = (name: string) => join(folder.path, name);
  await writeFile(
    at("late.srt"),
    "1\n00:00:07,000 --> 00:30:00,000\nlong\n\n2\n01:00:00,000 --> 01:00:05,000\nbye\n",
  );
  await runFfmpeg(
    ["-i", whole.source.path, "-i", at("late.srt"), "-map", "0:v", "-map", "0:a:0"].concat([
      "-map",
      "1",
      "-c",
      "copy",
      "-c:s",
      "srt",
      at("late.mkv"),
    ]),
  );
  const plan = await planFile(at("late.mkv"));
  const target = at("export.mkv");
  expect(await exportFilm({ ...plan, archive, format: "mkv", target })).toEqual([]);
  const packets = await readEntries(target, "s:0", "packet=pts_time,duration_time");
  expect(packets.map(([from, seconds]) => Number(from) + Number(seconds))).toEqual([
    expect.closeTo(SECONDS, 1),
  ]);
});
