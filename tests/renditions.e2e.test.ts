import { chmod, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareAnswerSchema, tracksAnswerSchema } from "@upreel/core";
import { eventually, runFfmpeg, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";

import { childrenOf } from "./support/processes.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const SECONDS = 20;
/** One tone for each audio track, so that each can be told from the others. */
const TONES = [440, 1000, 2200] as const;

describe("what a film has beside its pictures", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let base: string;
  /** While it is there, no ffmpeg begins. */
  let held: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const film = join(folder.path, "film.mkv");
    await makeFilm(film);
    held = join(folder.path, "held");
    const tool = join(folder.path, "ffmpeg.sh");
    const waits = `while [ -e "${held}" ]; do sleep 0.1; done`;
    await writeFile(tool, `#!/bin/sh\n${waits}\nexec ffmpeg "$@"\n`);
    await chmod(tool, 0o755);
    gateway = await startGateway({
      dataDir: join(folder.path, "data"),
      roots: folder.path,
      env: { MODEL: "lanczos", FFMPEG: tool },
    });
    const { id } = await gateway.trigger(film);
    await gateway.waitFor(id, (status) => status.state === "complete");
    base = `${gateway.url}/hls/${id}`;
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const master = async (query = ""): Promise<string> =>
    (await fetch(`${base}/master.m3u8${query}`)).text();

  it("is listed in master.m3u8, with what the upscaled pictures really are", async () => {
    const text = await master("?PlaySessionId=7");
    expect(text).toMatch(
      /BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,RESOLUTION=192x108,FRAME-RATE=23.976/,
    );
    expect(text).toMatch(/CODECS="avc1\.42c01e,mp4a\.40\.2",AUDIO="audio"/);
    expect(text).toContain("\nstream.m3u8?PlaySessionId=7\n");
    expect(text.match(/#EXT-X-MEDIA:TYPE=AUDIO.*/g)).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio/2-stereo/playlist.m3u8?PlaySessionId=7"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Commentary",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="1",URI="audio/3-stereo/playlist.m3u8?PlaySessionId=7"',
    ]);
  });

  it.each(TONES.map((tone, i) => ({ tone, stream: i + 1 })))(
    "Chromium hears $tone Hz where audio=$stream is asked for",
    async ({ tone, stream }) => {
      const url = `${base}/master.m3u8?audio=${stream}`;
      // hls.js plays the default rendition.
      await using chromium = await openChromium(gateway.url, url, 0);
      expect(await chromium.loudestTone()).toBeCloseTo(tone, -2);
    },
  );

  it("shows text subtitles at their time", async () => {
    expect((await master()).match(/#EXT-X-MEDIA:TYPE=SUBTITLES.*/g)).toEqual([
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="subtitles/4/playlist.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="French",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="subtitles/5/playlist.m3u8"',
    ]);
    expect(await master("?subtitles=none")).not.toContain("SUBTITLES");
    await using chromium = await openChromium(gateway.url, `${base}/master.m3u8`, 0);
    const cues = await chromium.cues(2);
    expect(cues.map(([start, end, text]) => [start.toFixed(2), end.toFixed(2), text])).toEqual([
      ["2.04", "4.04", "First <i>line</i>"],
      ["11.54", "14.29", "Second"],
    ]);
    const tracks = tracksAnswerSchema.parse(
      await (await fetch(`${gateway.url}/tracks/${base.split("/").at(-1)}`)).json(),
    );
    expect(tracks.zero_pts_90k).toBe(900_900);
    expect(tracks.subtitles.map(({ url, reason }) => [url, reason])).toEqual([
      [`${base}/subtitles/4.vtt`, null],
      [`${base}/subtitles/5.vtt`, null],
    ]);
    const whole = await (await fetch(`${base}/subtitles/5.vtt`)).text();
    expect(whole).toContain("00:11.542 --> 00:14.292\nSecond");
  });

  it("has the original, on its own clock, with the same sound", async () => {
    const text = await (await fetch(`${base}/original.m3u8?audio=3`)).text();
    expect(text).toMatch(
      /RESOLUTION=96x54,FRAME-RATE=23.976,CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/,
    );
    await using chromium = await openChromium(gateway.url, `${base}/original.m3u8?audio=3`, 8);
    await chromium.playsFrom(8);
    // Its first media second is that of the first packet, a little before or after the film's own.
    const shift = (await chromium.firstPts90k()) - 900_900;
    const [[start] = []] = await chromium.cues(2);
    expect((start ?? 0) + shift / 90_000).toBeCloseTo(2.042, 2);
    expect(await chromium.loudestTone()).toBeCloseTo(2200, -2);
  });

  it("makes stills by any model, keeps them, and stops when nobody wants one", async () => {
    const id = base.split("/").at(-1);
    // Else it might be made before anybody looks for its process.
    await writeFile(held, "");
    const leaving = new AbortController();
    const left = fetch(`${gateway.url}/frame/${id}?n=7&model=lanczos`, { signal: leaving.signal });
    const isMaking = async (): Promise<boolean> =>
      (await childrenOf(gateway.pid)).some(({ command }) => command.includes("make-still"));
    await eventually("its process", isMaking);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await eventually("the end of its process", async () => !(await isMaking()));
    await rm(held);

    const still = await fetch(`${gateway.url}/frame/${id}?n=7&model=lanczos`);
    expect(still.headers.get("content-type")).toBe("image/png");
    expect(Number(still.headers.get("x-upreel-fps"))).toBeGreaterThan(0);
    const png = Buffer.from(await still.arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([192, 108]);
    const compare = await fetch(`${gateway.url}/compare/${id}?n=7`);
    const { pictures } = compareAnswerSchema.parse(await compare.json());
    expect(pictures.map(({ model }) => model)).toEqual(
      expect.arrayContaining(["original", "upreel-x2-sharp16x4-50-int8", "lanczos"]),
    );
  });

  it("has small pictures for a seek bar", async () => {
    const track = await (await fetch(`${base}/thumbs.vtt`)).text();
    expect(track).toContain("00:00:10.000 --> 00:00:20.000\nthumbs/0000.jpg#xywh=160,0,160,90");
    // Made when it is asked for, behind all other work: on a busy machine it is there for who asks again.
    const kind = async () => (await fetch(`${base}/thumbs/0000.jpg`)).headers.get("content-type");
    await expect.poll(kind).toBe("image/jpeg");
    expect((await fetch(`${base}/thumbs/0001.jpg`)).status).toBe(404);
  });
});

/** In the file they are 21 ms later, like the pictures: the priming of AAC comes first there. */
const CUES = `1
00:00:02,000 --> 00:00:04,000
First <i>line</i>

2
00:00:11,500 --> 00:00:14,250
Second
`;

/**
 * 23.976 fps; stereo AAC, AC-3 5.1 and mono FLAC, each with a tone of its own; the same subtitles as
 * SubRip and as ASS.
 */
async function makeFilm(path: string): Promise<void> {
  // Named like the film it would be one beside it.
  const subtitles = join(dirname(path), "cues.srt");
  await writeFile(subtitles, CUES);
  const tone = (hz: number) => ["-f", "lavfi", "-i", `sine=f=${hz}:r=48000:d=${SECONDS}`];
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=s=96x54:r=24000/1001:d=${SECONDS}`],
    ...TONES.flatMap(tone),
    ...["-i", subtitles],
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4", "-map", "4"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60"],
    ...["-c:a:0", "aac", "-ac:a:0", "2", "-c:a:1", "ac3", "-ac:a:1", "6", "-c:a:2", "flac"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger"],
    ...["-c:s:0", "subrip", "-c:s:1", "ass", "-metadata:s:s:0", "language=eng"],
    ...["-metadata:s:s:1", "language=fre", "-disposition:s:0", "default"],
    ...["-disposition:s:1", "forced"],
    ...["-metadata:s:a:1", "title=Deutsch", "-metadata:s:a:2", "title=Commentary"],
    ...["-disposition:a:0", "default", "-disposition:a:1", "0", path],
  ]);
}
