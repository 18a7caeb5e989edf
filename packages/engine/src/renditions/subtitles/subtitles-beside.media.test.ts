import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "@upreel/core";
import { directFiles } from "@upreel/sources";
import { makeTempFolder, makeTimeline, type TempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { createBatchMaker } from "../batch-maker.ts";
import { createPictureSubtitles } from "./picture-subtitles.ts";
import { createBesideMaker } from "./make-beside.ts";
import { offerSubtitles } from "./offer-subtitles.ts";
import { createFilmSubtitles } from "./subtitles-beside.ts";
import { createSubtitles } from "./subtitles.ts";

const srt = (text: string): string => `1\n00:00:01,000 --> 00:00:02,500\n${text}\n`;
const ASS = `[Script Info]
PlayResX: 96
PlayResY: 54

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Sign,Arial,12,&H000000FF,7

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Sign,,0,0,0,,{\\pos(10,20)}Žlutý kůň
`;
/** "Привет" and "Žlutý kůň" before Unicode. */
const RUSSIAN = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
const CZECH = Buffer.from([0x8e, 0x6c, 0x75, 0x74, 0xfd, 0x20, 0x6b, 0xf9, 0xf2]);

/** Subtitles of a film whose pictures nobody reads. */
async function openSubtitles(folder: TempFolder) {
  const files = directFiles();
  const path = join(folder.path, "Film.mkv");
  await writeFile(path, "no pictures");
  const found = await files.locate(path, [folder.path]);
  const source = { ...found, subtitles: [], format: "matroska" } as unknown as Source;
  const closing = new AbortController();
  const { signal } = closing;
  const tracksOf = createFilmSubtitles({ files, ffprobe: "ffprobe", signal });
  const pieces = createBatchMaker({ ffmpeg: "ffmpeg", files, atATime: 1, longestMs: 240_000 });
  const dataDir = join(folder.path, "data");
  const makePictures = createPictureSubtitles();
  const makeBeside = createBesideMaker({ dataDir, pieces, files, makePictures });
  const subtitles = createSubtitles({
    ...{ dataDir, pieces, films: pieces, tracksOf, makeBeside, makePictures },
  });
  const film = { id: "abc", source, timeline: makeTimeline(250) };
  const numbers = async (): Promise<ReadonlyMap<string, number>> =>
    new Map(offerSubtitles(await tracksOf(source)).map(({ name, index }) => [name, index]));
  return {
    ...{ subtitles, film, numbers },
    textOf: async (name: string) => subtitles.whole(film, (await numbers()).get(name) ?? 0),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await pieces[Symbol.asyncDispose]();
    },
  };
}

test("subtitles in files beside a film are offered, whatever they are written in", async () => {
  await using folder = await makeTempFolder();
  const write = (name: string, text: string | Buffer) => writeFile(join(folder.path, name), text);
  await write("Film.en.sdh.srt", srt("Hello"));
  await write("Film.de.srt", Buffer.from(srt("schön"), "latin1"));
  await write(
    "Film.ru.srt",
    Buffer.concat([Buffer.from(srt("").trimEnd()), Buffer.from("\n"), RUSSIAN]),
  );
  await write("Film.cs.ass", Buffer.concat(cut(ASS, "Žlutý kůň", CZECH)));
  await write("Film.fr.srt", Buffer.from(`\ufeff${srt("été")}`, "utf16le"));
  await write("Film.nl.srt", "no subtitles at all");
  await write("Film 2.en.srt", srt("another film"));
  await symlink("/etc/hostname", join(folder.path, "Film.it.srt"));
  await using opened = await openSubtitles(folder);
  expect([...(await opened.numbers()).keys()].toSorted()).toEqual([
    ...["Czech", "English – SDH", "French", "German", "Russian"],
  ]);
  for (const [name, text] of [
    ...[["English – SDH", "Hello"] as const, ["German", "schön"] as const],
    ...[
      ["Russian", "Привет"] as const,
      ["French", "été"] as const,
      ["Czech", "Žlutý kůň"] as const,
    ],
  ])
    expect(await opened.textOf(name)).toContain(text);
  const german = (await opened.numbers()).get("German") ?? 0;
  const segment = await opened.subtitles.segment(opened.film, german, 0);
  expect(segment).toContain("00:01.000 --> 00:02.500\nschön");

  const czech = (await opened.numbers()).get("Czech") ?? 0;
  const { format, path } = await opened.subtitles.drawn(opened.film, czech);
  const script = await readFile(path, "utf8");
  expect([format, script]).toEqual(["ass", expect.stringContaining("{\\pos(10,20)}Žlutý kůň")]);
  expect(script).toContain("Style: Sign,Arial,12");
});

test("a file that came or changed later is seen as it is then", async () => {
  await using folder = await makeTempFolder();
  await using opened = await openSubtitles(folder);
  expect((await opened.numbers()).size).toBe(0);
  const file = join(folder.path, "Film.srt");
  await writeFile(file, srt("first"));
  expect(await opened.textOf("Track 1")).toContain("first");
  await writeFile(file, srt("second time"));
  expect(await opened.textOf("Track 1")).toContain("second time");
});

/** `text` with `bytes` in place of `word`. */
function cut(text: string, word: string, bytes: Buffer): Buffer[] {
  const [before = "", after = ""] = text.split(word);
  return [Buffer.from(before), bytes, Buffer.from(after)];
}
