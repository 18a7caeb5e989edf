import type { Variant } from "@upreel/watcher";
import { expect, it } from "vitest";
import { segmentCount } from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import { startTestApp } from "../../testing/start-app.ts";
import { parseSettings } from "../../config/parse-settings.ts";
import { clientByAgent, rateCap, withinRate, type RateAsker } from "./rate-cap.ts";

const rulesOf = (RATE: string) => parseSettings({ RATE }, {}, "/").rates;

it.each([
  ["127.0.0.1", undefined],
  ["::1", undefined],
  ["192.168.1.20", undefined],
  ["::ffff:192.168.1.20", undefined],
  ["172.31.0.9", undefined],
  ["fd00::7", undefined],
  ["172.32.0.9", 8_000_000],
  ["203.0.113.5", 8_000_000],
  ["2001:db8::1", 8_000_000],
  // Nobody knows where that is.
  ["", 8_000_000],
])("remote:8M bounds who comes from outside: %s", (address, bound) => {
  expect(rateCap(rulesOf("remote:8M"), { address })).toBe(bound);
});

it("the first rule that fits counts", () => {
  const rules = rulesOf("remote:1500k; 20.5M");
  expect(rateCap(rules, { address: "203.0.113.5" })).toBe(1_500_000);
  expect(rateCap(rules, { address: "10.0.0.1" })).toBe(20_500_000);
  expect(rateCap(rulesOf(""), { address: "203.0.113.5" })).toBe(undefined);
  expect(rateCap(rulesOf("remote: 8 M; 800 k"), { address: "203.0.113.5" })).toBe(8_000_000);
});

it("rules name networks, users of Jellyfin and clients", () => {
  const rules = rulesOf(
    "user=Kids: 2M; client=Jellyfin Android:3M; network=203.0.113.0/24:4M; network=2001:db8::/32:5M; 6M",
  );
  const cap = (asker: Partial<RateAsker>) => rateCap(rules, { address: "10.0.0.1", ...asker });
  expect(cap({ userName: "kids", client: "Jellyfin Android" })).toBe(2e6);
  expect(cap({ userName: "anna", client: "jellyfin android" })).toBe(3e6);
  expect(cap({ address: "::ffff:203.0.113.9" })).toBe(4e6);
  expect(cap({ address: "2001:db8::9" })).toBe(5e6);
  expect(cap({ address: undefined })).toBe(6e6);
  expect(cap({})).toBe(6e6);
  expect(clientByAgent("VLC/3.0.18 LibVLC/3.0.18")).toBe("VLC");
  expect(clientByAgent(undefined)).toBe(undefined);
});

it.each([
  ...["8", "remote:", "remote:8MB", "home:8M", "remote:8M, 4M", "0M", "user=:8M", "client=VLC"],
  ...["network=home:8M", "network=203.0.113.0:8M", "network=203.0.113.0/33:8M"],
])("refuses RATE=%s", (rate) => {
  expect(() => rulesOf(rate)).toThrow("RATE: expected");
});

it("offers what fits, and the thinnest where nothing does", () => {
  const variant = (bandwidth: number): Variant => ({
    ...{ uri: String(bandwidth), bandwidth, averageBandwidth: bandwidth, width: 2, height: 2 },
    ...{ frameRate: { num: 25, den: 1 }, codecs: undefined },
  });
  const film = [variant(9e6), variant(3e6), variant(1e6)] as const;
  const offered = (cap?: number) => withinRate(film, cap).map(({ bandwidth }) => bandwidth);
  expect(offered()).toEqual([9e6, 3e6, 1e6]);
  expect(offered(8e6)).toEqual([3e6, 1e6]);
  expect(offered(1e5)).toEqual([1e6]);
});

it("master.m3u8 offers a viewer from outside what fits, and one at home the upscaled film", async () => {
  await using app = await startTestApp({ RATE: "remote:1M" });
  app.streams.put({ id: "film" });
  const timeline = makeTimeline(50);
  await app.streams.records.save({
    ...makeRecord({ id: "film" }),
    timeline,
    source: {
      ...{ path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1, format: "matroska" },
      video: {
        ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
        ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
      },
      ...{ audio: [], subtitles: [], chapters: [] },
    },
    output: {
      ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72, encoder: "libx264" },
      ...{ quality: 20, colour: {}, audio: { kind: "none" } },
    },
  });
  // Megabits a second.
  const publish = (k: number) => app.streams.publish("film", k, Buffer.alloc(2_000_000));
  await publish(0);
  const offered = async (from: string, query = "") => {
    const headers = { "X-Forwarded-For": from };
    const answer = await fetch(`${app.url}/hls/film/master.m3u8${query}`, { headers });
    return (await answer.text()).split("\n").filter((line) => line.includes(".m3u8"));
  };
  const lower = (query: string) => [
    `lower/72p-lean/playlist.m3u8${query}`,
    `lower/36p/playlist.m3u8${query}`,
    `lower/18p/playlist.m3u8${query}`,
  ];
  // While it is being upscaled players do not go down to what waits for that, and who asks for it gets it.
  expect(await offered("192.168.1.2", "?ladder=on")).not.toContain(lower("?ladder=on")[0]);
  expect(await offered("203.0.113.5")).toEqual(lower("").slice(1));
  // Upreel's own page knows not to go down to it by itself.
  const all = await (await fetch(`${app.url}/hls/film/master.m3u8?ladder=on&waited=on`)).text();
  expect(all.match(/^.*WAITED.*\n.*/gm)).toEqual([
    expect.stringMatching(
      /,X-WAITED-FOR=YES\nlower\/72p-lean\/playlist\.m3u8\?ladder=on&waited=on$/,
    ),
  ]);
  expect(await offered("203.0.113.5", "?ladder=on&waited=on")).toEqual(
    lower("?ladder=on&waited=on"),
  );
  expect(await offered("192.168.1.2", "?quality=lean")).toEqual([lower("?quality=lean")[0]]);
  // Whoever may not have as much as the best has what does not wait.
  expect(await offered("203.0.113.5", "?quality=best")).toEqual([lower("?quality=best")[1]]);
  for (let k = 1; k < segmentCount(timeline); k += 1) await publish(k);
  const whole = await fetch(`${app.url}/hls/film/master.m3u8?ladder=on&waited=on`);
  expect(await whole.text()).not.toContain("X-WAITED-FOR");
  expect(await offered("192.168.1.2")).toEqual(["stream.m3u8"]);
  expect(await offered("192.168.1.2", "?ladder=on")).toEqual([
    "stream.m3u8?ladder=on",
    ...lower("?ladder=on"),
  ]);
  // Upscaled all the same, at fewer bits.
  expect(await offered("203.0.113.5")).toEqual(lower(""));
  expect(await offered("192.168.1.2", "?rate=800k")).toEqual([lower("?rate=800k")[2]]);
  expect(await offered("203.0.113.5", "?rate=99M")).toEqual(lower("?rate=99M"));
  expect((await fetch(`${app.url}/hls/film/master.m3u8?rate=fast`)).status).toBe(400);
  // One alone, or what comes closest to it and is no larger.
  expect(await offered("192.168.1.2", "?quality=best")).toEqual(["stream.m3u8?quality=best"]);
  expect(await offered("192.168.1.2", "?quality=lean")).toEqual([lower("?quality=lean")[0]]);
  for (const [lines, at] of [
    ["36", 1],
    ["50", 1],
    ["20", 2],
    ["10", 2],
  ] as const)
    expect(await offered("192.168.1.2", `?quality=${lines}`)).toEqual([
      lower(`?quality=${lines}`)[at],
    ]);
  expect(await offered("203.0.113.5", "?quality=best")).toEqual([lower("?quality=best")[0]]);
  for (const unknown of ["480p", "0", "line", ""])
    expect((await fetch(`${app.url}/hls/film/master.m3u8?quality=${unknown}`)).status).toBe(400);
  // Whoever asks for the upscaled one is bounded all the same.
  expect(await offered("203.0.113.5", "?ladder=off")).toEqual(lower("?ladder=off"));
});
