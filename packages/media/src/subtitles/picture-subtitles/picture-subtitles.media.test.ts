import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmParts } from "@upreel/core";
import { makeClip, makePgs, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, it } from "vitest";
import { planFile } from "../../testing/test-run.ts";
import { dvbCanvas, dvbClears } from "./dvb-packets.ts";
import { pictureSubtitleArguments } from "./picture-subtitle-arguments.ts";
import { subtitlesToPgs } from "./subtitles-to-pgs.ts";

const SCREEN = { width: 720, height: 576 };
const BOX = { x: 180, y: 480, width: 360, height: 40 };
const YELLOW = { y: 219, cr: 138, cb: 16 };
const cue = (fromSeconds: number, toSeconds: number) => ({
  ...{ fromSeconds, toSeconds, box: BOX, colour: YELLOW },
});

it.each([
  ["dvdsub", "dvd_subtitle", "film.mkv"],
  ["dvbsub", "dvb_subtitle", "film.ts"],
  ["dvbsub", "dvb_subtitle", "film.mkv"],
])(
  "subtitles of %s (%s, in %s) become pictures that pages draw, at their time and place",
  async (encoder, codec, name) => {
    await using folder = await makeTempFolder();
    const at = (file: string): string => join(folder.path, file);
    await makeClip(at("plain.mp4"), { width: 96, height: 54, rate: 24, seconds: 8, audio: false });
    await writeFile(at("film.sup"), makePgs(SCREEN, [cue(1, 2.5), cue(4, 6)]));
    await runFfmpeg([
      ...[
        "-copyts",
        "-i",
        at("plain.mp4"),
        "-fix_sub_duration",
        "-i",
        at("film.sup"),
        "-map",
        "0",
        "-map",
        "1",
      ],
      ...["-c:v", "copy", "-c:s", encoder, at(name)],
    ]);
    const { source, timeline } = await planFile(at(name));
    const [track] = source.subtitles;
    expect(track?.codec).toBe(codec);
    const [part] = filmParts(timeline);
    const files = {
      packets: at("packets"),
      list: at("list"),
      raw: at("raw"),
      rawList: at("rawlist"),
    };
    const index = track?.index ?? -1;
    await runFfmpeg(pictureSubtitleArguments({ source, part: part!, index, files }));
    const isDvb = codec === "dvb_subtitle";
    const raw = await readFile(files.raw);
    const sup = await subtitlesToPgs({
      packets: await readFile(files.packets),
      list: await readFile(files.list, "utf8"),
      clears: isDvb ? dvbClears(raw, await readFile(files.rawList, "utf8")) : [],
      canvas: isDvb ? dvbCanvas(raw) : (track?.canvas ?? { width: 1, height: 1 }),
      shape: 16 / 9,
    });
    const shown = compositions(sup);
    expect(shown.map(({ objects }) => objects)).toEqual([1, 0, 1, 0]);
    for (const [k, seconds] of [1, 2.5, 4, 6].entries())
      expect(Math.abs((shown[k]?.seconds ?? 0) - seconds)).toBeLessThan(0.1);
    // As wide as the film is shown.
    expect(shown[0]?.canvas).toEqual([1024, 576]);
    const [x, y, width, height] = windowOf(sup);
    const near = (value: number | undefined, wanted: number): void =>
      expect(Math.abs((value ?? -99) - wanted)).toBeLessThanOrEqual(3);
    near(x, (BOX.x * 1024) / 720);
    near(y, BOX.y);
    near(width, (BOX.width * 1024) / 720);
    near(height, BOX.height);
  },
);

/** Segments of a .sup file: type, time, and what is in them. */
function* segmentsOf(sup: Buffer) {
  for (let at = 0; at < sup.length; at += 13 + sup.readUInt16BE(at + 11))
    yield {
      type: sup.readUInt8(at + 10),
      seconds: sup.readUInt32BE(at + 2) / 90_000,
      body: sup.subarray(at + 13, at + 13 + sup.readUInt16BE(at + 11)),
    };
}

const compositions = (sup: Buffer) =>
  [...segmentsOf(sup)]
    .filter(({ type }) => type === 0x16)
    .map(({ seconds, body }) => ({
      seconds,
      canvas: [body.readUInt16BE(0), body.readUInt16BE(2)],
      objects: body.readUInt8(10),
    }));

function windowOf(sup: Buffer): readonly number[] {
  const found = [...segmentsOf(sup)].find(({ type }) => type === 0x17);
  return [2, 4, 6, 8].map((at) => found?.body.readUInt16BE(at) ?? -1);
}
