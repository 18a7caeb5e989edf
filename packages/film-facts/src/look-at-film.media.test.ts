import { join } from "node:path";
import type { FilmFacts } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { lookAtFilm } from "./look-at-film.ts";

const TOOLS = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };
const SIGNAL = AbortSignal.timeout(600_000);
const SILENT = { log: () => undefined };

interface Clip {
  readonly name?: string;
  /** A source of lavfi's, and what is done with it. */
  readonly pictures: string;
  readonly codec?: readonly string[];
  readonly sound?: string;
}

/** Shapes that move, with fine edges. */
const MOVING = (size: string, rate = "25"): string =>
  `testsrc2=s=${size}:r=${rate}:d=6,format=yuv420p`;
const X264 = ["-c:v", "libx264", "-preset", "ultrafast"];

/** What is found of a clip of six seconds. */
async function factsOf({ name = "film.mkv", pictures, codec, sound }: Clip): Promise<FilmFacts> {
  await using folder = await makeTempFolder();
  const path = join(folder.path, name);
  await runFfmpeg([
    ...["-f", "lavfi", "-i", pictures],
    ...(sound === undefined ? [] : ["-f", "lavfi", "-i", sound]),
    ...(codec ?? [...X264, "-crf", "16"]),
    ...["-g", "25", "-t", "6", path],
  ]);
  return await lookAtFilm(path, TOOLS, SILENT, SIGNAL);
}

test("bars are told to the row, where the picture is dark, too, and a subtitle lies in them", async () => {
  const picture = MOVING("320x152");
  const padded = `${picture},pad=320:240:0:44:black`;
  const dark = `drawbox=0:0:320:120:black:fill:enable='between(t,0,1)'`;
  const word = `drawbox=140:220:40:10:white:fill:enable='between(t,5,5.2)'`;
  const { bars } = await factsOf({ pictures: `${padded},${dark},${word}` });
  expect(bars).toEqual({ top: 44, bottom: 44, left: 0, right: 0 });
  const sides = await factsOf({ pictures: `${MOVING("240x240")},pad=320:240:40:0:black` });
  expect(sides.bars).toEqual({ top: 0, bottom: 0, left: 40, right: 40 });
});

/** Stripes that move: of these fields tell. */
const STRIPES = (rate: string): string =>
  `nullsrc=s=96x72:r=${rate}:d=6,format=yuv420p,` +
  "geq=lum='if(lt(mod(X+4*N+8*floor(Y/16),32),16),50,200)':cb=128:cr=128";

test.each([
  ["film", "progressive", STRIPES("25")],
  ["video that says it is film", "interlaced", `${STRIPES("50")},tinterlace=interleave_top`],
  ["film in video", "telecine", `${STRIPES("24000/1001")},telecine=pattern=23,setpts=PTS-STARTPTS`],
])("%s is %s whatever it says", async (_, kind, pictures) => {
  const { scan } = await factsOf({ pictures: `${pictures},setfield=prog` });
  expect(scan?.kind).toBe(kind);
});

test("what is drawn is told from what is filmed, and grain from none", async () => {
  const drawn = await factsOf({
    pictures: "color=c=0x3090e0:s=320x180:d=6,drawbox=x=40:y=20:w=60:h=50:color=0xe08020:t=fill",
  });
  expect(drawn.content).toEqual({ kind: "animation", why: expect.stringMatching(/flat/) });
  expect(drawn.noise).toBeLessThan(0.5);
  const grained = await factsOf({
    pictures: "color=c=gray:s=320x180:d=6,noise=c0s=30:c0f=t",
    codec: [...X264, "-qp", "4"],
  });
  expect(grained.content?.kind).toBe("film");
  // `noise` has a deviation of a third of its strength, or so.
  expect(grained.noise).toBeGreaterThan(5);
  expect(grained.noise).toBeLessThan(20);
});

test.each([
  ["light", [...X264, "-crf", "12"]],
  ["hard", [...X264, "-crf", "40"]],
  ["light", ["-c:v", "mpeg2video", "-q:v", "2"]],
  ["hard", ["-c:v", "mpeg2video", "-q:v", "20"]],
  ["hard", ["-c:v", "mpeg4", "-q:v", "31"]],
] as const)("it is compressed %s: %j", async (is, codec) => {
  const pictures = `${MOVING("320x240")},noise=c0s=8:c0f=t,gblur=1`;
  const { compression } = await factsOf({ pictures, codec });
  expect(compression?.is).toBe(is);
});

test("it is as loud as it is, and cuts are counted", async () => {
  const pictures = "color=c=gray:s=320x180:d=6,drawbox=color=white:t=fill:enable='between(t,2,4)'";
  const [loud, quiet] = await Promise.all(
    [0, -30].map((decibels) =>
      factsOf({ pictures, sound: `sine=f=1000:d=6,volume=${decibels}dB` }),
    ),
  );
  expect(loud?.cuts_per_minute).toBe(20);
  expect((loud?.loudness?.lufs ?? 0) - (quiet?.loudness?.lufs ?? 0)).toBeCloseTo(30, 0);
  expect((loud?.loudness?.peak_db ?? 0) - (quiet?.loudness?.peak_db ?? 0)).toBeCloseTo(30, 0);
  expect((await factsOf({ pictures })).loudness).toBeNull();
});

test("what is no film cannot be looked at", async () => {
  await expect(lookAtFilm("/no/film.mkv", TOOLS, SILENT, SIGNAL)).rejects.toThrow(/ENOENT/);
});
