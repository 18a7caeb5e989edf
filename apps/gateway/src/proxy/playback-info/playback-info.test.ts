import { told } from "@upreel/core";
import { recordedExchange, ROOT_USER } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import type { RawSettings } from "../../config/parse-settings.ts";
import {
  AUTHORIZATION,
  DEVICE,
  FIRST,
  ID,
  ask,
  makeReady,
  parse,
  startRig,
} from "../../testing/proxy-rig.ts";

/** Of answers that come without the upscaled stream. */
const HASTY = { answerMs: 300 };

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

  it.each([
    ["English", 2, 1],
    ["German", 3, 2],
  ])("plays %s where a subtitle beside the film is counted first", async (_, theirs, own) => {
    await using rig = await startRig();
    await makeReady(rig.app);
    const { body } = recordedExchange("50-").response;
    const [source] = body.MediaSources;
    rig.jellyfin.answers.set(`POST /items/${ID}/playbackinfo`, {
      status: 200,
      body: JSON.stringify({ ...body, MediaSources: [{ ...source, Path: rig.film }] }),
    });
    const asked = { ...FIRST, MediaSourceId: undefined, AudioStreamIndex: theirs };
    const [played] = parse(await rig.play(asked)).MediaSources;
    expect(played?.TranscodingUrl).toContain(`master.m3u8?audio=${own}&`);
  });

  it("passes untouched, and compressed as it was, until the first segments are there", async () => {
    await using rig = await startRig({}, {}, HASTY);
    await makeReady(rig.app, 218);
    const whyNot = async (): Promise<unknown> => {
      const answer = await rig.play(FIRST, { "accept-encoding": "br" });
      expect(answer.headers["content-encoding"]).toBe("br");
      const why = await ask(`${rig.app.proxyUrl}/upscale/why?deviceId=${DEVICE}`);
      return JSON.parse(why.body.toString());
    };
    // Its time may be over before the stream is known, where the machine is slow.
    await expect.poll(whyNot).toMatchObject({
      shows: "original",
      reason: { code: "not_ready_in_time" },
      stream: { id: "abc" },
    });
  });

  it("passes at once where starts are measured to take longer than clients are kept waiting", async () => {
    await using rig = await startRig({}, {}, HASTY);
    const whyNot = async (): Promise<unknown> => {
      await rig.play();
      const why = await ask(`${rig.app.proxyUrl}/upscale/why?deviceId=${DEVICE}`);
      return JSON.parse(why.body.toString()).reason.message;
    };
    // A slow machine may need all the time for what comes before.
    await expect.poll(whyNot).toMatch(/were not there within \d/);
    await makeReady(rig.app);
    rig.app.streams.put({ id: "abc", readyRanges: [] });
    rig.app.foreseenSpeed = 1.1;
    await expect.poll(whyNot).toMatch(/expected in \d+\.\d s, the original plays/);
  });

  it("waits longer where START says that it is to begin upscaled", async () => {
    const settings = { START: "client=Jellyfin Web:upscaled" };
    await using rig = await startRig({}, settings, { answerMs: HASTY.answerMs });
    await rig.play(FIRST, { authorization: AUTHORIZATION.replace("Jellyfin%20Web", "Other") });
    await makeReady(rig.app);
    rig.app.streams.put({ id: "abc", readyRanges: [] });
    const playing = rig.play();
    while (rig.app.streams.calls.filter((call) => call.endsWith("paused")).length < 2)
      await new Promise(setImmediate);
    rig.app.streams.put({ id: "abc", readyRanges: [[0, 360]] });
    expect(parse(await playing).MediaSources[0]?.TranscodingUrl).toContain("/upscale/hls/abc/");
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
    rig.app.streams.put({ id: "abc", segmentsTotal: 360 });
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

  it("passes at once what no network makes fast enough, begins nothing, and offers to make it ahead", async () => {
    await using rig = await startRig();
    rig.app.foreseenSpeed = 0.4;
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    expect([rig.app.streams.triggered, rig.app.streams.calls]).toEqual([[], []]);
    const why = async (): Promise<unknown> =>
      JSON.parse((await ask(`${rig.app.proxyUrl}/upscale/why?deviceId=${DEVICE}`)).body.toString());
    expect(await why()).toMatchObject({
      reason: { code: "cannot_hold", message: expect.stringContaining("0.4× film speed") },
      ...{ stream: null, can_make_ahead: true },
    });
    const body = JSON.stringify({ device_id: DEVICE });
    const made = await ask(`${rig.app.proxyUrl}/upscale/ahead`, { method: "POST", body });
    expect(made.status).toBe(202);
    expect(rig.app.streams.triggered).toMatchObject([
      { file: { path: rig.film }, priority: "background" },
    ]);
    expect(await why()).toMatchObject({ stream: { id: "abc" }, can_make_ahead: false });
    // Made far enough it plays: what is left is shorter than what the lead lasts.
    rig.app.streams.put({ id: "abc", title: rig.film });
    await makeReady(rig.app, 320);
    expect(parse(await rig.play()).MediaSources[0]?.TranscodingUrl).toContain("/upscale/hls/abc/");
  });

  it("makes nothing ahead that plays well as it is", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    await rig.play();
    const body = JSON.stringify({ device_id: DEVICE });
    const made = await ask(`${rig.app.proxyUrl}/upscale/ahead`, { method: "POST", body });
    expect(made.status).toBe(400);
    const nobody = JSON.stringify({ device_id: "nobody" });
    const unknown = await ask(`${rig.app.proxyUrl}/upscale/ahead`, {
      method: "POST",
      body: nobody,
    });
    expect(unknown.status).toBe(404);
  });

  it("passes what cannot hold real time, and what failed", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    rig.app.streams.put({ id: "abc", advice: "original", adviceTold: told("advice_too_slow") });
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    rig.app.streams.put({ id: "abc", state: "failed", readyRanges: [] });
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

  it("of such a player is answered though its stream was deleted meanwhile", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    await rig.play();
    await rig.app.streams.remove("abc");
    const retry = { ...recordedExchange("32-").request.body, MediaSourceId: ID };
    expect(parse(await rig.play(retry)).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    expect(rig.app.errors).toEqual([]);
  });

  it("tells Jellyfin who asks, and passes nothing that is of one connection", async () => {
    await using rig = await startRig({}, { ON_PLAY: "off" });
    const { body } = recordedExchange("05-playbackinfo").response;
    rig.jellyfin.answers.set(`POST /items/${ID}/playbackinfo`, {
      ...{ status: 200, body: JSON.stringify(body) },
      headers: { Connection: "close, X-Theirs", "X-Theirs": "1", "X-Kept": "2" },
    });
    const answer = await rig.play(FIRST, { connection: "close, X-Ours", "x-ours": "3" });
    expect(answer.headers).toMatchObject({ "x-kept": "2" });
    expect(answer.headers).not.toHaveProperty("x-theirs");
    const { headers = {} } = rig.jellyfin.requests.at(-1) ?? {};
    expect(headers).not.toHaveProperty("x-ours");
    expect(headers).toMatchObject({
      "x-forwarded-for": expect.stringContaining("127.0.0.1"),
      "x-forwarded-host": new URL(rig.app.proxyUrl).host,
    });
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

  const recorded = recordedExchange("05-playbackinfo").response.body;
  const source = recorded.MediaSources[0];
  const withSource = (changes: object): string =>
    JSON.stringify({ ...recorded, MediaSources: [{ ...source, ...changes }] }, null, 1);
  const withVideo = (changes: object): string =>
    withSource({
      MediaStreams: source.MediaStreams.map((stream: { Type: string }) =>
        stream.Type === "Video" ? { ...stream, ...changes } : stream,
      ),
    });

  it.each<[string, string]>([
    [
      "a .strm",
      withSource({ Container: "strm", Protocol: "Http", IsRemote: true, Path: "http://x/y" }),
    ],
    ["a disc image", withSource({ VideoType: "Iso", IsoType: "BluRay", Path: "/media/disc.iso" })],
    ["a disc folder", withSource({ VideoType: "Dvd", Path: "/media/disc" })],
    [
      "live television",
      withSource({ IsInfiniteStream: true, LiveStreamId: "x", RunTimeTicks: null }),
    ],
    ["what must be opened first", withSource({ RequiresOpening: true, OpenToken: "x" })],
    ["HDR", withVideo({ VideoRange: "HDR", VideoRangeType: "HDR10" })],
    ["Dolby Vision", withVideo({ VideoRange: "HDR", VideoRangeType: "DOVIWithHDR10" })],
    ["music", withSource({ MediaStreams: source.MediaStreams.slice(1) })],
    ["an item of no length", withSource({ RunTimeTicks: 0 })],
    ["no source at all", JSON.stringify({ MediaSources: [], PlaySessionId: "x" })],
    ["an error code", JSON.stringify({ MediaSources: [], ErrorCode: "NoCompatibleStream" })],
    ["a source that is a list", JSON.stringify({ ...recorded, MediaSources: [[source]] })],
    [
      "names in another case",
      withSource({}).replaceAll(/"([A-Z])(\w*)":/g, (_, a, b) => `"${a.toLowerCase()}${b}":`),
    ],
    ["no play session", JSON.stringify({ ...recorded, PlaySessionId: undefined })],
    ["streams of a wrong type", withSource({ MediaStreams: "none" })],
    ["an odd index", withVideo({ Index: "0" })],
    ["no JSON", "<html>L’été</html>"],
    ["half of it", withSource({}).slice(0, 500)],
    ["nothing", ""],
  ])("passes %s byte by byte", async (_, body) => {
    await using rig = await startRig();
    await makeReady(rig.app);
    const headers = { "Content-Type": "application/json; charset=utf-8", "X-Odd": "kept" };
    rig.jellyfin.answers.set(`POST /items/${ID}/playbackinfo`, { status: 200, headers, body });
    const answer = await rig.play();
    expect(answer.body.toString()).toBe(body);
    expect(answer.headers).toMatchObject({
      "x-odd": "kept",
      "content-type": headers["Content-Type"],
    });
    expect(rig.app.streams.triggered).toEqual([]);
    expect(rig.app.errors).toEqual([]);
  });
});
