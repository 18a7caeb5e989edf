import { describe, expect, it } from "vitest";
import { PLAIN_SCALER } from "../film/profile.ts";
import { resolvedRunSchema, type ResolvedRun } from "./run-order.ts";
import {
  runEndSchema,
  workerCommandSchema,
  workerEventSchema,
  type WorkerCommand,
  type WorkerEvent,
} from "./worker-messages.ts";

const RUNG = { model: PLAIN_SCALER, provider: "ffmpeg" };
const ORDER: ResolvedRun = {
  ...{ streamId: "s1", runId: "r1", folder: "/data/runs/r1", rung: RUNG },
  ...{ fromSegment: 0, toSegment: 2 },
  timeline: { zeroMicros: 0, rate: { num: 24, den: 1 }, frameCount: 96, framesPerSegment: 48 },
  output: {
    ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72, encoder: "libx264" },
    ...{ quality: 20, colour: { range: "tv" }, audio: { kind: "none" } },
  },
  source: {
    ...{ path: "/films/a.mkv", sizeBytes: 1, modifiedMs: 1.5, format: "matroska" },
    video: {
      ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
      ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
    },
    ...{ audio: [], subtitles: [], chapters: [] },
  },
};
const REASON = { code: "worker_lost", message: "gone", got: "killed by SIGKILL" } as const;

const COMMANDS: WorkerCommand[] = [
  { type: "warm", rung: RUNG },
  { type: "start", order: ORDER },
  { type: "pause" },
  { type: "resume" },
  { type: "cancel" },
];
const EVENTS: WorkerEvent[] = [
  { type: "ready", pid: 1 },
  { type: "warmed", model: "lanczos", provider: "ffmpeg" },
  { type: "warm-failed", reason: REASON },
  { type: "started", runId: "r1", pids: [1, 2, 3], model: "lanczos", provider: "ffmpeg" },
  { type: "progress", runId: "r1", frames: 3, fps: 23.5, saved: 1.5, rungs: [], refused: [] },
  { type: "ended", runId: "r1", end: { why: "failed", frames: 2, reason: REASON } },
  { type: "heartbeat" },
  { type: "log", level: "warn", message: "hm" },
];
/** As the channel between the processes carries them. */
const carry = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe("messages between gateway and worker", () => {
  for (const command of COMMANDS) {
    it(`carry the command ${command.type} unchanged`, () => {
      expect(workerCommandSchema.parse(carry(command))).toEqual(command);
    });
  }
  for (const event of EVENTS) {
    it(`carry the event ${event.type} unchanged`, () => {
      expect(workerEventSchema.parse(carry(event))).toEqual(event);
    });
  }
  it("are refused when they are not known or not whole", () => {
    for (const bad of [undefined, null, "pause", {}, { type: "stop" }, { type: "start" }]) {
      expect(workerCommandSchema.safeParse(bad).success).toBe(false);
      expect(workerEventSchema.safeParse(bad).success).toBe(false);
    }
    expect(workerEventSchema.safeParse({ ...EVENTS[4], frames: 1.5 }).success).toBe(false);
  });
});

describe("an order for a run", () => {
  it("names at least one segment, from 0 on", () => {
    expect(resolvedRunSchema.safeParse({ ...ORDER, fromSegment: -1 }).success).toBe(false);
    expect(resolvedRunSchema.safeParse({ ...ORDER, toSegment: 0 }).success).toBe(false);
  });
});

it("the end of a run that failed says why", () => {
  expect(runEndSchema.safeParse({ why: "failed", frames: 0 }).success).toBe(false);
  expect(runEndSchema.safeParse({ why: "vanished", frames: 0 }).success).toBe(false);
});
