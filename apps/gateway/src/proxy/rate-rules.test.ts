import { makeRecord, makeTimeline, ROOT_USER } from "@upreel/testkit";
import { expect, it } from "vitest";
import { ask, makeReady, parse, startRig } from "../testing/proxy-rig.ts";

const UNKNOWN = { ...makeRecord({ id: "abc" }), timeline: makeTimeline(50) };

it.each([
  [`user=${ROOT_USER.name}:300k`, true],
  [`user=${ROOT_USER.id}:300k`, true],
  ["client=Jellyfin Web:300k", true],
  ["user=somebody else:300k; client=VLC:300k", false],
])("RATE=%s bounds who plays through the proxy: %s", async (RATE, isBound) => {
  await using rig = await startRig(
    {},
    { RATE, JELLYFIN_API_KEY: "a0b1c2d3e4f5061728394a5b6c7d8e9f" },
  );
  const { app } = rig;
  await makeReady(app);
  await app.streams.records.save({
    ...UNKNOWN,
    source: {
      ...{ path: rig.film, sizeBytes: 1, modifiedMs: 1, format: "matroska" },
      video: {
        ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
        ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
      },
      audio: [1, 2, 3].map((index) => ({
        ...{ index, codec: "aac", channels: 2, sampleRate: 48_000, isDefault: index === 1 },
      })),
      ...{ subtitles: [], chapters: [] },
    },
    output: {
      ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72, encoder: "libx264" },
      ...{ quality: 20, colour: {}, audio: { kind: "none" } },
    },
  });
  const url = parse(await rig.play()).MediaSources[0]?.TranscodingUrl ?? "";
  const master = (await ask(app.proxyUrl + url)).body.toString();
  expect(master.includes("lower/36p/")).toBe(isBound);
  expect(master.includes("stream.m3u8")).toBe(!isBound);
});
