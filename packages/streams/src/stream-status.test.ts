import { describe, expect, it } from "vitest";
import { told } from "@upreel/core";
import { makeRecord } from "@upreel/testkit";
import { leastLead, streamStatus, type StreamParts } from "./stream-status.ts";
import { NETWORK, plannedRecord, timelineOf } from "./testing/films.ts";

const record = plannedRecord({ timeline: timelineOf(10) });
const run: StreamParts["runs"][number] = {
  live: {
    ...{ id: "r", kind: "make", next: 3, to: 8, phase: "working" },
    pace: { frame: 36 + 18, fps: 48 },
  },
  progress: { frames: 18, fps: 48, saved: 0 },
  order: { rung: { model: NETWORK, provider: "cpu", why: [told("rung_best_live")] } },
};
const view = (change: Partial<StreamParts> = {}): StreamParts => ({
  ...{ record, state: "running", ready: new Set([0, 1, 2, 8]), playheads: [] },
  runs: [run],
  ...{ viewers: 0, isWatched: false, viewersWaiting: 0, speeds: [] },
  ...change,
});

describe("the status of a stream", () => {
  it("tells nothing it does not know before the film is probed", () => {
    const blank = view({ record: makeRecord(), state: "queued", ready: new Set(), runs: [] });
    expect(streamStatus(blank)).toMatchObject({
      ...{ framesDone: 0, framesTotal: undefined, ratio: 0, speed: 0, etaSeconds: undefined },
      ...{ ready: false, segmentsTotal: undefined, model: undefined, leadSeconds: 0 },
    });
  });
  it("counts frames the encoder took, beside those of finished segments", () => {
    expect(streamStatus(view())).toMatchObject({
      ...{ framesDone: 4 * 12 + 18, framesTotal: 120, speed: 2, fps: 48 },
      ...{ etaSeconds: 1, ready: true, segmentsReady: 4, model: "net", provider: "cpu" },
      modelReason: [told("rung_best_live")],
    });
  });
  it("counts as done what is published: a run that gives way in mid-segment takes nothing back", () => {
    const gaveWay = view({ runs: [] });
    expect(streamStatus(view()).ratio).toBe(0.4);
    expect(streamStatus(gaveWay).ratio).toBe(0.4);
  });
  it("tells what is ready and what is being made, in seconds of the film", () => {
    expect(streamStatus(view())).toMatchObject({
      readyRanges: [
        [0, 1.5],
        [4, 4.5],
      ],
      makingRanges: [[1.5, 4]],
    });
    expect(streamStatus(view({ state: "paused" })).makingRanges).toEqual([]);
    const complete = view({ state: "complete", ready: new Set(), runs: [] });
    expect(streamStatus(complete).readyRanges).toEqual([[0, 5]]);
  });
  it("shows no speed while paused", () => {
    expect(streamStatus(view({ state: "paused" }))).toMatchObject({
      ...{ fps: 0, speed: 0, etaSeconds: undefined },
    });
  });
  it("is complete when complete, though the segments are slices of the archive by then", () => {
    const complete = view({ state: "complete", ready: new Set(), runs: [] });
    expect(streamStatus(complete)).toMatchObject({
      ...{ ratio: 1, etaSeconds: 0, segmentsReady: 10, ready: true, leadSeconds: 5 },
    });
  });
});

describe("the lead", () => {
  const leadAt = (...playheads: number[]): number => leastLead(view({ playheads })).leadSeconds;
  it("is what is ready without a break beyond the viewer, of several the one with the least", () => {
    expect(leadAt()).toBe(1.5);
    expect(leadAt(4)).toBe(0.5);
    expect(leadAt(0, 4, 1)).toBe(0.5);
  });
  it("is nothing where a viewer waits", () => {
    expect(leadAt(2.5)).toBe(0);
  });
});
