import { createRequire } from "node:module";
import { eventually } from "@upreel/testkit";
import type { HlsConfig } from "hls.js";
import type { Page } from "playwright-core";
import { addScript } from "./add-script.ts";
import { openPage, type OpenedBrowser } from "./chromium.ts";
import { playByHlsJs } from "./hls-page-script.ts";

const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");

interface Played {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
}

/** Opens a page with one video in a real Chromium and waits until it has played `seconds`. */
export async function playInChromium(pageUrl: string, seconds: number) {
  await using chromiumPage = await openPage(pageUrl);
  const { page, problems } = chromiumPage;
  // At one look: where it is made no faster than it is played, the original may be what is seen at the next one. As text: it
  // runs in the page, whose globals this program does not have.
  const looked = await page.waitForFunction(`(() => {
    const { videoWidth, videoHeight, currentTime } = ${UPSCALED} ?? {};
    return currentTime >= ${seconds} && { width: videoWidth, height: videoHeight, seconds: currentTime };
  })()`);
  const played = (await looked.jsonValue()) as Played;
  return { ...played, errors: problems };
}

/** The upscaled film on the page of a stream, once that is what is seen. */
const UPSCALED = `document.querySelector('[data-showing="upscaled"] [data-picture="upscaled"]')`;

const CURRENT_TIME = `(document.querySelector("video")?.currentTime ?? -1)`;

interface ChromiumOptions {
  /** A Chromium of its own otherwise. */
  readonly browser?: OpenedBrowser;
  /** hls.js as it is by default otherwise. */
  readonly config?: Partial<HlsConfig>;
  /** What did not come in time, and was asked for again, is no problem: a busy machine has no time for it. */
  readonly mayBeLate?: boolean;
}

/** A bare page of the gateway's origin, on which hls.js plays `url` from `startSeconds`. */
export async function openChromium(
  gatewayUrl: string,
  url: string,
  startSeconds: number,
  { browser, config = {}, mayBeLate = false }: ChromiumOptions = {},
) {
  const home = `${gatewayUrl}/health`;
  const opened = await (browser === undefined ? openPage(home) : browser.open(home));
  const { page, problems } = opened;
  const fatal: string[] = [];
  await page.setContent("<video muted></video>");
  await addScript(page, HLS_JS);
  await page.evaluate(playByHlsJs(url, { ...config, startPosition: startSeconds, mayBeLate }));
  return {
    async seek(seconds: number): Promise<void> {
      // At the end of a film a browser pauses it: one that was over by now plays on, too.
      await page.evaluate(`positions.length = 0;
        document.querySelector("video").currentTime = ${seconds};
        void document.querySelector("video").play();`);
    },
    async playsFrom(seconds: number): Promise<void> {
      await page.waitForFunction(
        `positions.some((at) => at >= ${seconds} && at < ${seconds + 6}) &&
          ${CURRENT_TIME} >= ${seconds + 0.5}`,
      );
    },
    loudestTone: () => loudestTone(page),
    /** The timestamp that hls.js has put at media time 0, in 90 kHz. */
    firstPts90k: (): Promise<number> => page.evaluate<number>("window.firstPts90k"),
    cues: (count: number) => cuesOf(page, count),
    async ended(): Promise<void> {
      await page.waitForFunction(`document.querySelector("video").ended`);
      problems.push(...(await page.evaluate<string[]>("window.problems")));
      fatal.push(...(await page.evaluate<string[]>("window.fatal")));
    },
    /** Seconds that it could play on with what it has loaded. */
    loadedAhead: (): Promise<number> =>
      page.evaluate<number>(`(({ buffered, currentTime }) => {
        for (let n = 0; n < buffered.length; n++)
          if (buffered.start(n) <= currentTime + 0.1 && buffered.end(n) > currentTime)
            return buffered.end(n) - currentTime;
        return 0;
      })(document.querySelector("video"))`),
    /** Settles once the picture that is seen has that many lines. */
    async showsLines(lines: number): Promise<void> {
      await page.waitForFunction(`document.querySelector("video").videoHeight === ${lines}`);
    },
    /** Paths of the segments that it plays or has played, in the order in which they came. */
    segments: (): Promise<readonly string[]> => page.evaluate<string[]>("window.segments"),
    /** Where it is, in seconds. */
    playedUpTo: (): Promise<number> => page.evaluate<number>(CURRENT_TIME),
    /** Decoded ones, with those that came too late to be seen. */
    picturesShown: (): Promise<number> =>
      page.evaluate<number>(
        `document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames`,
      ),
    /** What hls.js could not get over by itself; told after `ended`. */
    fatalProblems: (): readonly string[] => fatal,
    problems: (): readonly string[] => problems,
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  };
}

/** The loudest tone of its sound, in Hz, to 12 Hz, once a second of it has played. */
async function loudestTone(page: Page): Promise<number> {
  await page.evaluate(`(() => {
    const video = document.querySelector("video");
    video.muted = false;
    // A film that comes to its end meanwhile begins again.
    video.loop = true;
    void video.play();
    const context = new AudioContext({ sampleRate: 48000 });
    window.analyser = new AnalyserNode(context, { fftSize: 4096 });
    context.createMediaElementSource(video).connect(analyser).connect(context.destination);
  })()`);
  await page.waitForFunction(`${CURRENT_TIME} >= 1`);
  const loudest = `(() => {
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const bin = levels.indexOf(Math.max(...levels));
    return levels[bin] > -60 && (bin * 48000) / 4096;
  })()`;
  return eventually("sound", () => page.evaluate<number | false>(loudest));
}

/** Start, end and text of the cues of the shown subtitles, once there are `count`. */
async function cuesOf(
  page: Page,
  count: number,
): Promise<readonly (readonly [number, number, string])[]> {
  const cues = `(() => {
    const tracks = [...document.querySelector("video").textTracks];
    const shown = tracks.find(({ mode }) => mode === "showing");
    return [...(shown?.cues ?? [])].map((cue) => [cue.startTime, cue.endTime, cue.text]);
  })()`;
  return eventually(`${count} cues`, async () => {
    const found = await page.evaluate<[number, number, string][]>(cues);
    return found.length >= count && found;
  });
}
