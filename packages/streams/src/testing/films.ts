import type { ModelSpec, Output, Source, StreamRecord, Timeline } from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import type { TriggerRequest } from "../streams-api.ts";

/** A network that a rung may have. */
export const NETWORK: ModelSpec = {
  id: "net",
  file: "/models/net.onnx",
  hash: "0".repeat(64),
  kind: "luma",
  pixelFormat: "yuv444p",
  scale: 2,
};

export const OUTPUT: Output = {
  ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72 },
  ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
};

export const source = (path: string): Source => ({
  ...{ path, sizeBytes: 1, modifiedMs: 1, format: "matroska", durationSeconds: 10 },
  video: {
    ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
    ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
  },
  ...{ audio: [], subtitles: [], chapters: [] },
});

/** 24 frames a second, `segments` segments of half a second. */
export const timelineOf = (segments: number): Timeline =>
  makeTimeline(12 * segments, { num: 24, den: 1 });
export const TIMELINE = timelineOf(10);

export const film = (name: string): TriggerRequest => ({
  file: { path: `/films/${name}.mkv`, sizeBytes: 1, modifiedMs: 1 },
  title: name,
  profile: makeRecord().profile,
});

export const plannedRecord = (change: Partial<StreamRecord> = {}): StreamRecord => {
  const record = makeRecord(change);
  return { source: source(record.file.path), timeline: TIMELINE, output: OUTPUT, ...record };
};
