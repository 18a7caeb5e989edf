import { once } from "node:events";
import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import {
  makeFakeItem,
  recordedExchange,
  ROOT_USER,
  startFakeJellyfin,
  type FakeJellyfin,
  type FakeJellyfinOptions,
} from "@upreel/testkit";
import type { RawSettings } from "../config/parse-settings.ts";
import { startTestApp, type TestApp } from "../testing/start-app.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const DEVICE = "TW96aWxs";
const AUTHORIZATION = `MediaBrowser Client="Jellyfin%20Web", DeviceId="${DEVICE}", Token="${ROOT_USER.token}"`;
const FIRST = recordedExchange("05-playbackinfo").request.body ?? {};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Bytes as they come over the wire: fetch would unpack them. */
async function ask(
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

const nextEvent = (socket: WebSocket, type: "message" | "close" | "error"): Promise<Event> =>
  new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));

interface Rig extends AsyncDisposable {
  readonly jellyfin: FakeJellyfin;
  readonly app: TestApp;
  readonly film: string;
  /** PlaybackInfo through the proxy. */
  play(body?: object, headers?: object): Promise<Answer>;
}

async function startRig(
  options: FakeJellyfinOptions = {},
  settings: RawSettings = {},
): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const jellyfin = stack.use(await startFakeJellyfin(options));
  const app = stack.use(
    await startTestApp({
      JELLYFIN_URL: jellyfin.url,
      ...settings,
    }),
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
async function makeReady({ streams }: TestApp, seconds = 360): Promise<void> {
  streams.put({
    id: "abc",
    duration_seconds: 360,
    frames_total: 9000,
    segments_total: 180,
    ready_ranges: [[0, seconds]],
    advice: "upscaled",
  });
  await streams.publish("abc", 0, Buffer.alloc(188 * 2000));
}

interface Source {
  readonly TranscodingUrl?: string;
  readonly SupportsDirectPlay: boolean;
}
interface PlaybackInfo {
  readonly PlaySessionId: string;
  readonly MediaSources: readonly Source[];
}
const parse = ({ body }: Answer): PlaybackInfo => JSON.parse(body.toString());

describe("what is not ours passes", () => {
  it.each(["", "/jellyfin"])("byte by byte, with the base URL %j", async (basePath) => {
    await using rig = await startRig({ basePath });
    const { jellyfin, app } = rig;
    const origin = app.proxyUrl + basePath;
    const calls: [string, Parameters<typeof ask>[1]?][] = [
      [`/Items/${ID}?userId=${ROOT_USER.id}`],
      [`/Items/${ID}?userId=${ROOT_USER.id}`, { headers: { "accept-encoding": "br, gzip" } }],
      [`/Items?ids=${ID}&fields=Path,MediaSources`, { headers: { "accept-encoding": "gzip" } }],
      [`/Videos/${ID}/stream?static=true`],
      [`/Videos/${ID}/stream?static=true`, { headers: { range: "bytes=5-17" } }],
      [`/Videos/${ID}/stream?static=true`, { headers: { range: "bytes=99999-" } }],
      [`/Videos/${ID}/stream?static=true`, { method: "HEAD" }],
      ["/web/index.html"],
      ["/web/config.json"],
      ["/nothing/here"],
      ["/upscalex/hls/a/master.m3u8"],
      ["/Sessions", { headers: { authorization: "nobody" } }],
      ["/Videos/ActiveEncodings?deviceId=1&PlaySessionId=2", { method: "DELETE" }],
      ["/Sessions/Playing", { method: "POST", body: JSON.stringify({ ItemId: ID }) }],
    ];
    for (const [path, options] of calls) {
      const [theirs, ours] = [
        await ask(jellyfin.url + path, options),
        await ask(origin + path, options),
      ];
      expect([path, ours.status]).toEqual([path, theirs.status]);
      expect(ours.body.equals(theirs.body), path).toBe(true);
      for (const name of ["content-type", "content-encoding", "content-range", "content-length"])
        expect([path, ours.headers[name]]).toEqual([path, theirs.headers[name]]);
    }
    const [theirs, ours] = jellyfin.requests.filter(({ method }) => method === "POST");
    expect(ours?.body).toBe(theirs?.body);
  });

  it("a websocket, to the end of either side", async () => {
    await using rig = await startRig();
    const socket = new WebSocket(`${rig.app.proxyUrl}/socket?ApiKey=${rig.jellyfin.apiKey}`);
    socket.binaryType = "arraybuffer";
    await nextEvent(socket, "message");
    socket.send(Uint8Array.of(1, 2, 3));
    expect(await nextEvent(socket, "message")).toMatchObject({
      data: Uint8Array.of(1, 2, 3).buffer,
    });
    const closed = nextEvent(socket, "close");
    for (const each of rig.jellyfin.sockets.open) each.terminate();
    await closed;
    const refused = new WebSocket(`${rig.app.proxyUrl}/socket`);
    await nextEvent(refused, "error");
  });

  it("and says so when Jellyfin does not answer, then carries on", async () => {
    await using rig = await startRig();
    await rig.jellyfin.stop();
    for (const path of ["/Items", "/System/Info/Public", `/Items/${ID}`])
      expect((await ask(rig.app.proxyUrl + path)).body.toString()).toContain("does not answer");
    expect((await rig.play()).status).toBe(502);
    await rig.jellyfin.start();
    expect((await ask(`${rig.app.proxyUrl}/System/Info/Public`)).status).toBe(200);
  });

  it("but the server's own address, which is ours here", async () => {
    await using rig = await startRig({ basePath: "/jf" });
    const url = `${rig.app.proxyUrl}/jf/System/Info/Public`;
    const address = async (headers: object): Promise<unknown> =>
      JSON.parse((await ask(url, { headers })).body.toString()).LocalAddress;
    expect(await address({})).toBe(`${rig.app.proxyUrl}/jf`);
    expect(await address({ host: "tv.example", "x-forwarded-proto": "https" })).toBe(
      "https://tv.example/jf",
    );
  });
});

describe("PlaybackInfo", () => {
  it.each(["12.0.0", "10.11.11", "10.10.7"] as const)(
    "of Jellyfin %s plays the upscaled stream where it is ready",
    async (version) => {
      await using rig = await startRig({ version });
      await makeReady(rig.app);
      const { PlaySessionId: session, MediaSources } = parse(
        await rig.play(FIRST, { "accept-encoding": "gzip, br" }),
      );
      expect(MediaSources).toMatchObject([
        {
          Id: ID,
          SupportsDirectPlay: false,
          SupportsDirectStream: false,
          SupportsTranscoding: true,
          TranscodingUrl: `/upscale/hls/abc/master.m3u8?audio=2&subtitles=none&PlaySessionId=${session}`,
          TranscodingSubProtocol: "hls",
          RunTimeTicks: 3_600_000_000,
          DefaultAudioStreamIndex: 2,
          DefaultSubtitleStreamIndex: 4,
        },
      ]);
      expect(rig.app.streams.triggered).toMatchObject([
        { file: { path: rig.film }, title: "Clip Eight (2008)", priority: "viewer" },
      ]);
      expect(rig.app.streams.calls).toEqual([`${session} at 218.189698 of abc, paused`]);
      expect(rig.app.told.at(-1)).toContain("Jellyfin Web plays item");
    },
  );

  it("passes untouched, and compressed as it was, until the first segments are there", async () => {
    await using rig = await startRig();
    await makeReady(rig.app, 218);
    const answer = await rig.play(FIRST, { "accept-encoding": "br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    const why = await ask(`${rig.app.proxyUrl}/upscale/why?deviceId=${DEVICE}`);
    expect(JSON.parse(why.body.toString())).toMatchObject({
      shows: "original",
      reason: { code: "not_ready_in_time" },
      stream: { id: "abc" },
    });
  });

  it("waits for them, and answers the moment they are there", async () => {
    await using rig = await startRig();
    const playing = rig.play();
    while (rig.app.streams.calls.length === 0) await new Promise(setImmediate);
    await makeReady(rig.app);
    expect(parse(await playing).MediaSources[0]?.TranscodingUrl).toContain("/upscale/hls/abc/");
  });

  it.each<[string, RawSettings, object]>([
    ["switched_off", { ON_PLAY: "client=Jellyfin Web:off" }, {}],
    ["switched_off", { ON_PLAY: `user=${ROOT_USER.id}:off` }, {}],
    ["only_offered", { ON_PLAY: "offer" }, {}],
    ["original_first", { START: "client=Jellyfin Web:original" }, {}],
    ["original_first", { ON_PLAY: "ask" }, {}],
    ["file_not_readable", { MEDIA_ROOTS: "/elsewhere" }, {}],
    ["already_large", { MAX_OUTPUT_HEIGHT: "360" }, {}],
    ["client_bitrate", {}, { MaxStreamingBitrate: 2_000_000 }],
    ["client_bitrate", {}, { MaxStreamingBitrate: 1_000 }],
  ])("passes with the reason %s", async (code, settings, changes) => {
    await using rig = await startRig({}, settings);
    await makeReady(rig.app);
    // 376 kB in a second are 3 Mbit/s.
    rig.app.streams.put({ id: "abc", segments_total: 360 });
    const answer = parse(await rig.play({ ...FIRST, ...changes }));
    expect(answer.MediaSources[0]?.TranscodingUrl ?? "").not.toContain("upscale");
    const why = await ask(`${rig.app.proxyUrl}/upscale/why?playSessionId=${answer.PlaySessionId}`);
    expect(JSON.parse(why.body.toString())).toMatchObject({ reason: { code } });
    expect(rig.app.told.at(-1)).toContain(`(${code})`);
  });

  it.each(["user=Root:off", "library=Movies:off"])("knows whom the rule %s means", async (rule) => {
    await using rig = await startRig(
      {},
      { ON_PLAY: rule, JELLYFIN_API_KEY: "a0b1c2d3e4f5061728394a5b6c7d8e9f" },
    );
    rig.jellyfin.libraries.splice(0, 1, {
      ...{ id: "764720bc58288af349da8e352b59c0d0", name: "Movies", collectionType: "movies" },
      locations: [rig.app.films],
    });
    await makeReady(rig.app);
    await rig.play();
    expect(rig.app.told.at(-1)).toContain("(switched_off)");
  });

  it("passes what cannot hold real time, and what failed", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    rig.app.streams.put({ id: "abc", advice: "original", advice_text: "too slow" });
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    rig.app.streams.put({ id: "abc", state: "failed", ready_ranges: [] });
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
  });

  it("of a player that failed on ours gets the flags of its first request, and is left alone", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    parse(await rig.play());
    const retry = recordedExchange("32-").request.body ?? {};
    const second = parse(await rig.play({ ...retry, MediaSourceId: ID }));
    expect(second.MediaSources[0]).toMatchObject({ SupportsDirectPlay: true });
    const forwarded = JSON.parse(rig.jellyfin.requests.at(-1)?.body ?? "{}");
    expect(forwarded).not.toHaveProperty("EnableDirectPlay");
    expect(forwarded).toMatchObject({ StartTimeTicks: retry["StartTimeTicks"] });
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
  });

  it("leaves a retry alone that we did not cause", async () => {
    await using rig = await startRig({}, { ON_PLAY: "off" });
    parse(await rig.play());
    const retry = { ...recordedExchange("32-").request.body, MediaSourceId: ID };
    await rig.play(retry);
    expect(JSON.parse(rig.jellyfin.requests.at(-1)?.body ?? "{}")).toEqual(retry);
  });

  it("passes whatever our own part throws at", async () => {
    await using rig = await startRig();
    rig.app.streams.trigger = () => Promise.reject(new Error("broken"));
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    rig.app.streams.trigger = async () => ({ status: "started", id: "gone", archive: undefined });
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    for (const body of ["", "no JSON", "[]", `"${"x".repeat(2_000_000)}"`]) {
      const [theirs, ours] = [rig.jellyfin.url, rig.app.proxyUrl].map((url) =>
        ask(`${url}/Items/${ID}/PlaybackInfo`, { method: "POST", body }),
      );
      expect((await ours)?.status).toBe((await theirs)?.status);
    }
  });
});

describe("what a client reports", () => {
  const report = (event: string, name: string, changes: object) => ({
    path: `/Sessions/Playing${event}`,
    body: JSON.stringify({ ...recordedExchange(name).request.body, ItemId: ID, ...changes }),
  });

  it("moves the playhead, reaches Jellyfin, and ends with the playing", async () => {
    await using rig = await startRig();
    const { app, jellyfin } = rig;
    await makeReady(app);
    const { PlaySessionId } = parse(await rig.play());
    for (const { path, body } of [
      report("", "08-", { PlaySessionId }),
      report("/Progress", "10-", { PlaySessionId }),
      report("/Progress", "10-", { PlaySessionId: "unknown" }),
      report("/Stopped", "11-", { PlaySessionId }),
    ]) {
      expect((await ask(app.proxyUrl + path, { method: "POST", body })).status).toBe(204);
      expect(jellyfin.requests.at(-1)).toMatchObject({ url: path, body });
    }
    const gone = `/Videos/ActiveEncodings?deviceId=${DEVICE}&PlaySessionId=${PlaySessionId}`;
    expect((await ask(app.proxyUrl + gone, { method: "DELETE" })).status).toBe(204);
    expect(app.streams.calls.slice(1)).toEqual([
      `${PlaySessionId} at 218.189698 of abc`,
      `${PlaySessionId} at 218.371824 of abc`,
      `${PlaySessionId} left abc`,
      `${PlaySessionId} left abc`,
    ]);
  });

  it("without a play session, as the web client does of what it plays directly, counts too", async () => {
    await using rig = await startRig({}, { START: "original" });
    const { app } = rig;
    await makeReady(app);
    const { PlaySessionId: first } = parse(await rig.play());
    const tell = async (event: string, name: string): Promise<void> => {
      const { path, body } = report(event, name, { PlaySessionId: "" });
      expect((await ask(app.proxyUrl + path, { method: "POST", body })).status).toBe(204);
    };
    await tell("", "08-");
    await ask(`${app.proxyUrl}/upscale/choice`, {
      method: "POST",
      body: JSON.stringify({ device_id: DEVICE, shows: "upscaled" }),
    });
    // It asks for what comes before it has said that the other has ended.
    const { PlaySessionId: second } = parse(await rig.play());
    await tell("/Progress", "10-");
    await tell("/Stopped", "11-");
    expect(app.streams.calls).toEqual([
      `${first} at 218.189698 of abc, paused`,
      `${first} at 218.189698 of abc beside the original`,
      `${second} at 218.189698 of abc, paused`,
      `${first} left abc`,
    ]);
    const why = async (session: string): Promise<unknown> =>
      JSON.parse(
        (await ask(`${app.proxyUrl}/upscale/why?playSessionId=${session}`)).body.toString(),
      );
    expect(await why(first)).toMatchObject({ shows: "original", is_playing: false });
    expect(await why(second)).toMatchObject({ shows: "upscaled", is_playing: true });
  });

  it("and what its viewer chooses counts the next time", async () => {
    await using rig = await startRig({}, { ON_PLAY: "offer" });
    await makeReady(rig.app);
    const choose = (shows: string): Promise<Answer> =>
      ask(`${rig.app.proxyUrl}/upscale/choice`, {
        method: "POST",
        body: JSON.stringify({ device_id: DEVICE, shows }),
      });
    expect((await choose("upscaled")).status).toBe(404);
    await rig.play();
    expect((await choose("sometimes")).status).toBe(400);
    expect((await choose("upscaled")).status).toBe(204);
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(false);
    expect((await choose("original")).status).toBe(204);
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
  });
});

it("prepares the film of an item whose page is opened, unless it is not to be upscaled", async () => {
  await using rig = await startRig({}, { ON_PLAY: "client=TV:off; automatic" });
  const open = (path: string, headers: object = {}): Promise<Answer> =>
    ask(rig.app.proxyUrl + path, { headers: { "accept-encoding": "br", ...headers } });
  const tv = AUTHORIZATION.replace("Jellyfin%20Web", "TV");
  await open(`/Items/${ID}`, { authorization: tv });
  expect((await open(`/Users/${ROOT_USER.id}/Items/${ID}`)).headers["content-encoding"]).toBe("br");
  await vi.waitFor(() => expect(rig.app.told).toEqual([`prepare ${rig.film}`]));
});

describe("a stream that plays", () => {
  const piece = (k: number): string => `segments/${String(k).padStart(6, "0")}.ts`;
  const SEGMENT = Buffer.alloc(1880, 0x47);

  async function startPlaying(): Promise<Rig & { get(path: string): Promise<Answer> }> {
    const rig = await startRig();
    await makeReady(rig.app);
    parse(await rig.play());
    const get = (path: string): Promise<Answer> =>
      ask(`${rig.app.proxyUrl}/upscale/hls/abc/${path}`, { headers: { authorization: "" } });
    return { ...rig, get, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
  }

  it.each(["failed", "cancelled", "idle"] as const)(
    "and comes to be %s is started again, and its viewer waits for the segment",
    async (state) => {
      await using rig = await startPlaying();
      rig.app.streams.put({ id: "abc", state });
      const answer = rig.get(piece(7));
      await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1));
      rig.app.streams.put({ id: "abc", state: "running" });
      await rig.app.streams.publish("abc", 7, SEGMENT);
      const { status, body } = await answer;
      expect(status).toBe(200);
      expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    },
  );

  it("and fails in the middle of a wait is not cut", async () => {
    await using rig = await startPlaying();
    const answer = rig.get(piece(8));
    await vi.waitFor(() => expect(rig.app.streams.waiterCount("abc")).toBe(1));
    rig.app.streams.put({ id: "abc", state: "failed" });
    await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1));
    await rig.app.streams.publish("abc", 8, SEGMENT);
    expect((await answer).body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
  });

  it("and is deleted is made anew for who plays it", async () => {
    await using rig = await startPlaying();
    await rig.app.streams.remove("abc");
    const answer = rig.get(piece(9));
    await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1));
    await rig.app.streams.publish("abc", 9, SEGMENT);
    expect((await answer).body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
  });

  it("and is shorter than its list ends with packets that players skip", async () => {
    await using rig = await startPlaying();
    const { status, body } = await rig.get(piece(180));
    expect([status, body.length, body[0]]).toEqual([200, 188, 0x47]);
  });

  it("and cannot begin sends the player to the original, at the same base URL", async () => {
    await using rig = await startPlaying();
    const path = parse(await rig.play()).MediaSources[0]?.TranscodingUrl ?? "";
    rig.app.streams.put({ id: "abc", state: "failed" });
    const answer = await ask(rig.app.proxyUrl + path);
    expect(answer.status).toBe(302);
    const original = new URL(answer.headers.location ?? "", `${rig.app.proxyUrl}/jf${path}`);
    expect(original.pathname + original.search).toBe(
      `/jf/Videos/${ID}/stream?static=true&mediaSourceId=${ID}`,
    );
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
  });

  it("gets no answer of a server that stops, neither one that is cut", async () => {
    await using rig = await startPlaying();
    // Begun by a packet that players skip, while the segment is not there.
    const { body } = await fetch(`${rig.app.proxyUrl}/upscale/hls/abc/${piece(8)}`);
    const held = body?.pipeTo(new WritableStream());
    await rig.app.stopServer();
    const asked = rig.get(piece(9));
    const first = Promise.race([asked, held, sleep(300, "silence")]);
    await expect(first).resolves.toBe("silence");
    await Promise.all([
      expect(held).rejects.toThrow(),
      expect(asked).rejects.toThrow(),
      rig[Symbol.asyncDispose](),
    ]);
  });

  it("is not what nobody was sent to", async () => {
    await using rig = await startRig();
    const { status } = await ask(`${rig.app.proxyUrl}/upscale/hls/xyz/${piece(1)}`);
    expect(status).toBe(404);
  });
});

it("gives the control of streams to nobody who comes by the proxy", async () => {
  await using rig = await startRig();
  rig.app.streams.put({ id: "abc" });
  for (const [method, path] of [
    ["GET", "streams"],
    ["DELETE", "streams/abc"],
    ["POST", "streams/abc/cancel"],
    ["POST", "upscale-trigger"],
    ["GET", "logs/stream"],
    ["POST", "models/import"],
  ] as const)
    expect([path, (await ask(`${rig.app.proxyUrl}/upscale/${path}`, { method })).status]).toEqual([
      path,
      404,
    ]);
});
