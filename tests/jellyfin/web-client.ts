import { createRequire } from "node:module";
import { eventually, recordedExchange, ROOT_USER } from "@upreel/testkit";
import { addScript } from "../support/add-script.ts";
import type { OpenedBrowser } from "../support/chromium.ts";

const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");
const VIDEO = `document.querySelector("video")`;

/** One try to play, as the client made it. */
interface Play {
  readonly kind: "hls" | "file";
  readonly url: string;
  readonly seconds: number;
  /** What ended it, if anything did. */
  readonly error: string | null;
  /** By the clock of the day: when it was told to play this, by remote control, … */
  readonly orderedAtMs?: number;
  /** … and when a picture of it was seen. */
  readonly pictureAtMs?: number;
}

/**
 * jellyfin-web's player in a real Chromium, as far as it matters to a server: its own hls.js, its answer
 * to errors (`bindEventsToHlsPlayer`: a status ≥ 400 rejects the start, for which it asks once more
 * without direct play; afterwards it is the end), its reports and its orders by websocket.
 */
const CLIENT = `(() => {
  const { server, itemId, deviceId, token, userId, profile } = window.given;
  const authorization =
    'MediaBrowser Client="Jellyfin%20Web", Device="Chrome", DeviceId="' + deviceId + '", Version="12.0.0", Token="' + token + '"';
  const call = async (method, path, body) => {
    const headers = { Authorization: authorization, "Content-Type": "application/json" };
    const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
    return answer.status === 204 ? undefined : answer.json();
  };
  const video = document.querySelector("video");
  const client = (window.client = { plays: [], info: undefined });
  let hls, timer, wish;
  const report = (event, paused) => call("POST", "/Sessions/Playing" + event, {
    ItemId: itemId, MediaSourceId: itemId, PlaySessionId: client.info.PlaySessionId,
    PositionTicks: Math.round(video.currentTime * 1e7), IsPaused: paused ?? video.paused,
    PlayMethod: hls ? "Transcode" : "DirectPlay",
    AudioStreamIndex: wish.audio, SubtitleStreamIndex: wish.subtitle,
  });
  const byHls = (url, seconds) => new Promise((resolve, reject) => {
    let settle = reject;
    hls = new Hls({ startPosition: seconds, manifestLoadingTimeOut: 20000 });
    hls.on(Hls.Events.ERROR, (_, { type, details, fatal, response }) => {
      if (type === Hls.ErrorTypes.NETWORK_ERROR && response && response.code >= 400) {
        hls.destroy();
        settle(new Error(details + " " + response.code));
      } else if (fatal) {
        client.plays.at(-1).error = details;
        if (type === Hls.ErrorTypes.NETWORK_ERROR) hls.startLoad();
        else if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      }
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => video.play().then(resolve, reject));
    hls.loadSource(url);
    hls.attachMedia(video);
  });
  const byFile = (url, seconds) => {
    video.src = url;
    video.addEventListener("loadedmetadata", () => (video.currentTime = seconds), { once: true });
    return video.play();
  };
  const stop = () => {
    clearInterval(timer);
    hls?.destroy();
    hls = undefined;
    video.removeAttribute("src");
  };
  client.play = async (given, isRetry = false) => {
    if (client.info !== undefined && !isRetry) void report("/Stopped");
    stop();
    wish = given;
    const flags = isRetry
      ? { EnableDirectPlay: false, EnableDirectStream: false, AllowVideoStreamCopy: false }
      : {};
    client.info = await call("POST", "/Items/" + itemId + "/PlaybackInfo", {
      UserId: userId, StartTimeTicks: given.seconds * 1e7, IsPlayback: true, AutoOpenLiveStream: true,
      AudioStreamIndex: String(given.audio), SubtitleStreamIndex: String(given.subtitle),
      MediaSourceId: itemId, DeviceProfile: profile, ...flags,
    });
    const [source] = client.info.MediaSources;
    const kind = source.SupportsDirectPlay ? "file" : "hls";
    const url = kind === "file"
      ? server + "/Videos/" + itemId + "/stream?static=true&mediaSourceId=" + source.Id
      : server + source.TranscodingUrl;
    const made = { kind, url, seconds: given.seconds, error: null, orderedAtMs: given.orderedAtMs };
    client.plays.push(made);
    video.requestVideoFrameCallback(() => (made.pictureAtMs = Date.now()));
    try {
      await (kind === "hls" ? byHls : byFile)(url, given.seconds);
    } catch (error) {
      client.plays.at(-1).error = String(error.message);
      void report("", true);
      if (!isRetry) return client.play(given, true);
      throw error;
    }
    await report("");
    timer = setInterval(() => void report("/Progress"), 500);
  };
  const socket = new WebSocket(server.replace("http", "ws") + "/socket?ApiKey=" + token + "&deviceId=" + deviceId);
  socket.addEventListener("message", ({ data }) => {
    const { MessageType: type, Data: order } = JSON.parse(data);
    if (type !== "Play") return;
    const { StartPositionTicks: ticks, AudioStreamIndex: audio, SubtitleStreamIndex: subtitle } = order;
    void client.play({ seconds: ticks / 1e7, audio, subtitle, orderedAtMs: Date.now() });
  });
  client.ready = new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
})()`;

interface Wish {
  readonly seconds: number;
  readonly audio: number;
  readonly subtitle: number;
}

interface ClientRequest {
  readonly url: string;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
}

const REQUESTS = `performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) => ({
  url: name,
  sentAtMs: performance.timeOrigin + startTime,
  endedAtMs: performance.timeOrigin + responseEnd,
}))`;

export interface WebClient extends AsyncDisposable {
  /**
   * Ends when it plays, or when the client has given up. A gateway that other work keeps from answering
   * in time says the original: it is asked again.
   */
  playUpscaled(wish: Wish): Promise<void>;
  seek(seconds: number): Promise<void>;
  /** Waits until its clock goes on from about `seconds`. */
  playsAt(seconds: number): Promise<void>;
  plays(): Promise<readonly Play[]>;
  /** Plays whatever it is answered. */
  play(wish: Wish): Promise<void>;
  /** What it asked for, by the clock of the day. */
  requests(): Promise<readonly ClientRequest[]>;
  /** Does `work` once, before the first request whose URL matches goes out. */
  before(pattern: RegExp, work: () => Promise<void>): Promise<void>;
}

/** The client of one device, on a page of `server`'s. */
export async function openWebClient(
  browser: OpenedBrowser,
  given: { readonly server: string; readonly itemId: string; readonly deviceId: string },
): Promise<WebClient> {
  const opened = await browser.open(`${given.server}/web/index.html`);
  const { page } = opened;
  const profile = recordedExchange("05-playbackinfo").request.body?.["DeviceProfile"];
  const client = { ...given, token: ROOT_USER.token, userId: ROOT_USER.id, profile };
  await page.setContent("<video muted></video>");
  await addScript(page, HLS_JS);
  await page.evaluate(`window.given = ${JSON.stringify(client)}`);
  await page.evaluate(CLIENT);
  await page.evaluate("window.client.ready");
  return {
    async playUpscaled(wish) {
      await eventually("the upscaled stream is named", async () => {
        await page.evaluate("window.client.plays.length = 0");
        await page.evaluate(`window.client.play(${JSON.stringify(wish)})`);
        return page.evaluate<boolean>(`window.client.plays[0].url.includes("/upscale/")`);
      });
    },
    async seek(seconds) {
      await page.evaluate(`${VIDEO}.currentTime = ${seconds}`);
    },
    async playsAt(seconds) {
      const isThere = `${VIDEO}.currentTime > ${seconds + 0.3} && ${VIDEO}.currentTime < ${seconds + 30}`;
      await page.waitForFunction(`${isThere} && !${VIDEO}.paused && ${VIDEO}.readyState > 2`);
    },
    plays: () => page.evaluate<Play[]>("window.client.plays"),
    play: (wish) => page.evaluate(`window.client.play(${JSON.stringify(wish)})`),
    requests: () => page.evaluate<ClientRequest[]>(REQUESTS),
    async before(pattern, work) {
      let isDone = false;
      await page.route(pattern, async (route) => {
        if (!isDone) {
          isDone = true;
          await work();
        }
        await route.continue();
      });
    },
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  };
}
