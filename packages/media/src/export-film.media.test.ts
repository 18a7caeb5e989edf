import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, segmentFileName } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { exportFilm } from "./export-film.ts";
import { planFile, readEntries, runSegments, TOOLS, type TestPlan } from "./test-run.ts";

const signal = AbortSignal.timeout(240_000);
const SECONDS = 8;

/** A source with two sound tracks, two of subtitles and two chapters, and a film made of its pictures. */
async function makeFilm(folder: string): Promise<{ plan: TestPlan; archive: string }> {
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
    const { plan, archive } = await makeFilm(folder.path);
    const target = join(folder.path, `film.${format}`);
    expect(await exportFilm({ ...plan, archive, format, target }, TOOLS, signal)).toEqual([]);
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
  const leftOut = await exportFilm({ ...plan, archive, format: "mkv", target }, TOOLS, signal);
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
  const { plan, archive } = await makeFilm(folder.path);
  const [english] = plan.source.subtitles;
  const source = {
    ...plan.source,
    subtitles: [{ ...english!, codec: "hdmv_pgs_subtitle" }],
    audio: plan.source.audio.map((track, at) =>
      at === 1 ? { ...track, codec: "pcm_s16le" } : track,
    ),
  };
  const target = join(folder.path, "film.mp4");
  const leftOut = await exportFilm(
    { ...plan, source, archive, format: "mp4", target },
    TOOLS,
    signal,
  );
  expect(leftOut).toEqual([
    "sound 2 (deu): mp4 cannot hold pcm_s16le",
    "subtitles 3 (eng): mp4 cannot hold hdmv_pgs_subtitle",
  ]);
  expect(await tracks(target)).toEqual(["h264 128", "aac eng"]);
});

test("a film that lacks pictures is refused, and so is one whose source is gone", async () => {
  await using folder = await makeTempFolder();
  const { plan, archive } = await makeFilm(folder.path);
  const target = join(folder.path, "film.mkv");
  const request = { ...plan, archive, format: "mkv", target } as const;
  const longer = { ...plan.timeline, frameCount: plan.timeline.frameCount + 5 };
  await expect(exportFilm({ ...request, timeline: longer }, TOOLS, signal)).rejects.toMatchObject({
    code: "export_failed",
    expected: `${longer.frameCount} pictures`,
  });
  const source = { ...plan.source, path: join(folder.path, "gone.mkv") };
  await expect(exportFilm({ ...request, source }, TOOLS, signal)).rejects.toMatchObject({
    code: "export_failed",
  });
});

test("of a recording whose clock jumps, the sound is that of the finished film", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  const clip = await makeClip(at("clip.ts"), { width: 64, height: 36, rate: 25, seconds: 4 });
  await writeFile(at("twice.ts"), Buffer.concat([await readFile(clip), await readFile(clip)]));
  const plan = await planFile(at("twice.ts"));
  expect(plan.timeline.pieces).toHaveLength(2);
  const archive = await archiveOf(folder.path, at("twice.ts"));
  const target = at("export.mkv");
  const leftOut = await exportFilm({ ...plan, archive, format: "mkv", target }, TOOLS, signal);
  expect(leftOut).toEqual([expect.stringContaining("clock jumps")]);
  const made = await planFile(target);
  expect(made.timeline.pieces).toBeUndefined();
  expect(made.source.audio).toHaveLength(1);
  expect(made.source.audio[0]?.endSeconds ?? made.source.durationSeconds).toBeGreaterThan(7.5);
});
