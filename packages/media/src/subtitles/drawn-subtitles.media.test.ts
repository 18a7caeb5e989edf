import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmParts } from "@upreel/core";
import { makeClip, makePgs, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { drawnSubtitleArguments } from "./subtitle-arguments.ts";
import { planFile } from "../testing/test-run.ts";

const ASS = `[Script Info]
PlayResX: 96
PlayResY: 54

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Sign,Arial,12,&H000000FF,7

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Sign,{\\pos(10,20)}Exit
`;
const BOX = { x: 20, y: 40, width: 50, height: 8 };
const COLOUR = { y: 235, cr: 128, cb: 128 };
const CUE = { fromSeconds: 1, toSeconds: 2, box: BOX, colour: COLOUR };

test("subtitles are copied as they were drawn, on the film's clock, however late that begins in its file", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string): string => join(folder.path, name);
  await makeClip(at("plain.mp4"), { width: 96, height: 54, rate: 24, seconds: 3, audio: false });
  await writeFile(at("film.ass"), ASS);
  await writeFile(at("film.sup"), makePgs({ width: 96, height: 54 }, [CUE]));
  await runFfmpeg([
    ...["-copyts", "-i", at("plain.mp4"), "-i", at("film.ass"), "-i", at("film.sup")],
    ...["-map", "0", "-map", "1", "-map", "2", "-c", "copy"],
    ...["-output_ts_offset", "5", at("film.mkv")],
  ]);
  const { source, timeline } = await planFile(at("film.mkv"));
  const [part] = filmParts(timeline);
  const formats = ["ass", "pgs"] as const;
  for (const [k, format] of formats.entries()) {
    const target = at(`made.${format}`);
    const index = source.subtitles[k]!.index;
    await runFfmpeg(drawnSubtitleArguments({ source, part: part!, index, format, target }));
  }
  const script = await readFile(at("made.ass"), "utf8");
  expect(script).toContain("Style: Sign,Arial,12,&H000000FF,7");
  expect(script).toContain("0:00:01.00,0:00:02.00,Sign,{\\pos(10,20)}Exit");
  const pictures = await readFile(at("made.pgs"));
  expect(segmentsOf(pictures)).toEqual(segmentsOf(makePgs({ width: 96, height: 54 }, [CUE])));
});

/** Type and time (90 kHz) of each segment of a .sup file. */
function segmentsOf(sup: Buffer): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < sup.length; at += 13 + sup.readUInt16BE(at + 11))
    found.push([sup.readUInt8(at + 10), sup.readUInt32BE(at + 2)]);
  return found;
}
