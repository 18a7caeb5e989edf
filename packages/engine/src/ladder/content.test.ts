import type { Profile, Source } from "@upreel/core";
import { takeLook } from "@upreel/media";
import { makeRecord, makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { contentOf } from "./content.ts";

const source = (path: string): Source => ({
  ...{ path, sizeBytes: 1, modifiedMs: 1, format: "matroska,webm", durationSeconds: 60 },
  video: {
    ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
    ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false },
    colour: {},
  },
  ...{ audio: [], subtitles: [], chapters: [] },
});

/** Without an ffmpeg nothing can be told by pictures. */
async function told(path: string, profile: Partial<Profile>, isAsked = true) {
  const log = makeRecordingLog();
  const content = await contentOf(
    { ...makeRecord().profile, ...profile },
    { source: source(path), zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 200 },
    { ffmpeg: "/no/ffmpeg", look: takeLook, isAsked: () => Promise.resolve(isAsked), log },
    AbortSignal.timeout(240_000),
  );
  return { content, warnings: log.entries.map(({ message }) => message) };
}

it("what was asked for goes before what the path says, and that before pictures", async () => {
  const path = "/films/Anime/film.mkv";
  expect((await told(path, { content: "film" })).content?.kind).toBe("film");
  const { content, warnings } = await told(path, {});
  expect(content).toEqual({ kind: "animation", why: 'its path says "Anime"' });
  expect(warnings).toEqual([]);
});

it("where nothing can be told the film is upscaled all the same, with a warning", async () => {
  const { content, warnings } = await told("/films/film.mkv", {});
  expect(content).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("/films/film.mkv: whether it is film")]);
});

it.each([
  ["no model prefers a kind", {}, false],
  ["a model is asked for by name", { model: "mine" }, true],
])("nobody looks where %s", async (_, profile, isAsked) => {
  const { content, warnings } = await told("/films/Anime/film.mkv", profile, isAsked);
  expect({ content, warnings }).toEqual({ content: undefined, warnings: [] });
});
