import { once } from "node:events";
import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { segmentCount } from "@upreel/core";
import {
  makeFakeItem,
  makeRecord,
  makeTimeline,
  recordedExchange,
  ROOT_USER,
  startFakeJellyfin,
  type FakeJellyfin,
  type FakeJellyfinOptions,
} from "@upreel/testkit";
import type { RawSettings } from "../config/parse-settings.ts";
import type { HoldTiming } from "../http/deps.ts";
import type { AnswerTiming } from "../proxy/deps.ts";
import { PATIENT } from "./make-deps.ts";
import { startTestApp, type TestApp } from "./start-app.ts";

/** The item that is played. */
export const ID = "508bfcc390dc4acbd1826571a92d9968";
export const DEVICE = "TW96aWxs";
export const AUTHORIZATION = `MediaBrowser Client="Jellyfin%20Web", DeviceId="${DEVICE}", Token="${ROOT_USER.token}"`;
export const FIRST = recordedExchange("05-playbackinfo").request.body ?? {};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Bytes as they come over the wire: fetch would unpack them. */
export async function ask(
  url: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  const sent = requestHttp(url, {
    method,
    headers: {
      authorization: AUTHORIZATION,
      ...headers,
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    },
  });
  sent.end(body);
  const [answer] = await once(sent, "response");
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

/** A fake Jellyfin with one film, and the proxy before it. */
export interface Rig extends AsyncDisposable {
  readonly jellyfin: FakeJellyfin;
  readonly app: TestApp;
  readonly film: string;
  /** PlaybackInfo through the proxy. */
  play(body?: object, headers?: object): Promise<Answer>;
}

export async function startRig(
  options: FakeJellyfinOptions = {},
  settings: RawSettings = {},
  answerTiming: Partial<AnswerTiming> = {},
  hold: Partial<HoldTiming> = {},
): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const jellyfin = stack.use(await startFakeJellyfin(options));
  const app = stack.use(
    await startTestApp(
      {
        JELLYFIN_URL: jellyfin.url,
        ...settings,
      },
      hold,
      { answerTiming: { ...PATIENT, ...answerTiming } },
    ),
  );
  const film = join(app.films, "film.mkv");
  await writeFile(film, "0123456789".repeat(1000));
  jellyfin.items.push(
    makeFakeItem({
      id: ID,
      path: film,
      file: film,
      audio: ["eng", "fra", "deu"].map((language) => ({ codec: "aac", language, channels: 2 })),
      subtitles: ["eng", "fra"].map((language) => ({ codec: "subrip", language })),
    }),
  );
  const owned = stack.move();
  return {
    jellyfin,
    app,
    film,
    play: (body = FIRST, headers = {}) =>
      ask(`${app.proxyUrl}/Items/${ID}/PlaybackInfo`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A stream of which the first `seconds` are made. */
export async function makeReady({ streams }: TestApp, seconds = 360): Promise<void> {
  streams.put({
    id: "abc",
    durationSeconds: 360,
    framesTotal: 9000,
    segmentsTotal: 180,
    readyRanges: [[0, seconds]],
    advice: "upscaled",
  });
  await streams.publish("abc", 0, Buffer.alloc(188 * 2000));
}

/**
 * The plan of that stream, of which `film` is made: so many lines, doubled, with three tracks of sound. Gives the number of its
 * segments.
 */
export async function savePlan({ streams }: TestApp, film: string, lines = 36): Promise<number> {
  const columns = (16 * lines) / 9;
  const timeline = makeTimeline(50);
  await streams.records.save({
    ...{ ...makeRecord({ id: "abc" }), timeline },
    source: {
      ...{ path: film, sizeBytes: 1, modifiedMs: 1, format: "matroska" },
      video: {
        ...{
          index: 0,
          codec: "h264",
          pixelFormat: "yuv420p",
          bitDepth: 8,
          width: columns,
          height: lines,
        },
        ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
      },
      audio: [1, 2, 3].map((index) => ({
        ...{ index, codec: "aac", channels: 2, sampleRate: 48_000, isDefault: index === 1 },
      })),
      ...{ subtitles: [], chapters: [] },
    },
    output: {
      ...{ inputWidth: columns, inputHeight: lines, width: 2 * columns, height: 2 * lines },
      encoder: "libx264",
      ...{ quality: 20, colour: {}, audio: { kind: "none" } },
    },
  });
  return segmentCount(timeline);
}

interface Source {
  readonly TranscodingUrl?: string;
  readonly SupportsDirectPlay: boolean;
}
export interface PlaybackInfo {
  readonly PlaySessionId: string;
  readonly MediaSources: readonly Source[];
}
export const parse = ({ body }: Answer): PlaybackInfo => JSON.parse(body.toString());
