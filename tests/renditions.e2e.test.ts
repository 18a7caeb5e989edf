import { join } from "node:path";
import { runFfmpeg, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChromium } from "./support/players.ts";

import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const SECONDS = 20;
/** One tone for each audio track, so that each can be told from the others. */
const TONES = [440, 1000, 2200] as const;

describe("what a film has beside its pictures", () => {
  let folder: TempFolder;
  let gateway: RunningGateway;
  let base: string;

  beforeAll(async () => {
    folder = await makeTempFolder();
    const film = join(folder.path, "film.mkv");
    await makeFilm(film);
    gateway = await startGateway({
      dataDir: join(folder.path, "data"),
      roots: folder.path,
      env: { MODEL: "lanczos" },
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
    expect(text).toMatch(/CODECS="avc1\.42c00[a-f],mp4a\.40\.2",AUDIO="audio"/);
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

  it("has the original, on its own clock, with the same sound", async () => {
    const text = await (await fetch(`${base}/original.m3u8?audio=3`)).text();
    expect(text).toMatch(
      /RESOLUTION=96x54,FRAME-RATE=23.976,CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/,
    );
    await using chromium = await openChromium(gateway.url, `${base}/original.m3u8?audio=3`, 8);
    await chromium.playsFrom(8);
    expect(await chromium.loudestTone()).toBeCloseTo(2200, -2);
  });
});

/** 23.976 fps; stereo AAC, AC-3 5.1 and mono FLAC, each with a tone of its own. */
async function makeFilm(path: string): Promise<void> {
  const tone = (hz: number) => ["-f", "lavfi", "-i", `sine=f=${hz}:r=48000:d=${SECONDS}`];
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=s=96x54:r=24000/1001:d=${SECONDS}`],
    ...TONES.flatMap(tone),
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60"],
    ...["-c:a:0", "aac", "-ac:a:0", "2", "-c:a:1", "ac3", "-ac:a:1", "6", "-c:a:2", "flac"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger"],
    ...["-metadata:s:a:1", "title=Deutsch", "-metadata:s:a:2", "title=Commentary"],
    ...["-disposition:a:0", "default", "-disposition:a:1", "0", path],
  ]);
}
