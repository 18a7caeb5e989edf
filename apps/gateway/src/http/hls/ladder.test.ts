import { makeRecord, makeTimeline } from "@upreel/testkit";
import type { StreamRecord } from "@upreel/core";
import { expect, it } from "vitest";
import { avPlayer, exoPlayer, playOver } from "../../testing/adaptive-players.ts";
import { startTestApp } from "../../testing/start-app.ts";

const RECORD = {
  ...makeRecord({ id: "film" }),
  timeline: { ...makeTimeline(25 * 40, { num: 25, den: 1 }), framesPerSegment: 50 },
  source: {
    ...{ path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1, format: "matroska" },
    video: {
      ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 640, height: 360 },
      ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
    },
    ...{ audio: [], subtitles: [], chapters: [] },
  },
  output: {
    ...{ inputWidth: 640, inputHeight: 360, width: 1280, height: 720, encoder: "libx264" },
    ...{ quality: 20, colour: {}, audio: { kind: "none" } },
  },
} satisfies StreamRecord;

const SEGMENTS = 20;
const TOP = "stream.m3u8?ladder=on";
const LEAN = "lower/720p-lean/playlist.m3u8?ladder=on";
const SMALL = "lower/360p/playlist.m3u8?ladder=on";
const LEAST = "lower/180p/playlist.m3u8?ladder=on";

it("players by the rules of ExoPlayer and AVPlayer go down the ladder and come back, and do not stand still", async () => {
  await using app = await startTestApp();
  app.streams.put({ id: "film", segmentsTotal: SEGMENTS });
  await app.streams.records.save(RECORD);
  const segmentSeconds = 2;
  const bytes = Buffer.alloc(500_000 * segmentSeconds);
  for (let k = 0; k < SEGMENTS; k += 1) await app.streams.publish("film", k, bytes);
  const get = async (name: string) => (await fetch(`${app.url}/hls/film/${name}`)).text();
  const master = await get("master.m3u8?ladder=on");
  const told = [...master.matchAll(/:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+).*\n(.+)/g)];
  const qualities = told.map(([, bandwidth, average, uri = ""]) => ({
    ...{ uri, bandwidth: Number(bandwidth), averageBandwidth: Number(average) },
  }));
  expect(qualities.map(({ uri }) => uri)).toEqual([TOP, LEAN, SMALL, LEAST]);
  const rates = qualities.map(({ bandwidth }) => bandwidth);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  // They go from one to the other by number: the same segments of the same length (RFC 8216, 6.2.4).
  const segmentsOf = async (uri: string) =>
    (await get(uri)).match(/^#EXT-X-TARGETDURATION.*|^#EXTINF.*|\d{6}\.ts/gm);
  for (const lower of [LEAN, SMALL, LEAST])
    expect(await segmentsOf(lower)).toEqual(await segmentsOf(TOP));

  const [top = 0, lean = 0, small = 0] = rates;
  const phases = [2 * top, 1.5 * lean, 1.5 * small, 2 * top].map((rate) => ({
    rate,
    seconds: 120,
  }));
  for (const rule of [exoPlayer, avPlayer]) {
    const { chosen, longestStall } = playOver(rule, qualities, phases, segmentSeconds);
    expect(chosen, rule.name).toEqual([TOP, LEAN, SMALL, TOP]);
    expect(longestStall, rule.name).toBeLessThanOrEqual(1);
  }
});

it("with LADDER the playlist of the upscaled film says that there are lower qualities, whatever else is asked for", async () => {
  await using app = await startTestApp({ LADDER: "on" });
  app.streams.put({ id: "film", segmentsTotal: SEGMENTS });
  await app.streams.records.save(RECORD);
  await app.streams.publish("film", 0, Buffer.alloc(500_000));
  const upscaled = async (query: string) =>
    /^stream.*/m.exec(await (await fetch(`${app.url}/hls/film/master.m3u8${query}`)).text())?.[0];
  expect(await upscaled("")).toBe("stream.m3u8?ladder=on");
  expect(await upscaled("?subtitles=none")).toBe("stream.m3u8?subtitles=none&ladder=on");
  // There is nothing to go down to.
  expect(await upscaled("?quality=best")).toBe("stream.m3u8?quality=best");
  expect(await upscaled("?ladder=off")).toBe("stream.m3u8?ladder=off");
});
