import { PLAIN_SCALER, refToRung, type RunOrder } from "@upreel/core";

/** Segments 2 to 5 of a film with 48 frames in each. */
export const makeFarmOrder = (change: Partial<RunOrder> = {}): RunOrder => ({
  ...{ streamId: "s", runId: "r1", fromSegment: 2, toSegment: 6 },
  timeline: { zeroMicros: 0, rate: { num: 24, den: 1 }, frameCount: 480, framesPerSegment: 48 },
  output: {
    ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72 },
    ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
  },
  source: {
    ...{ id: "film", path: "/films/film.mp4", sizeBytes: 1, modifiedMs: 1, format: "mov" },
    video: {
      ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
      ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
    },
    ...{ audio: [], subtitles: [], chapters: [] },
  },
  rung: refToRung({ model: PLAIN_SCALER, provider: "ffmpeg" }),
  ...change,
});
