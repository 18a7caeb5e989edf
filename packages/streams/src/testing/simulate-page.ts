import {
  durationSeconds,
  safeLeadSeconds,
  segmentAt,
  segmentStartSeconds,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd } from "../gaps.ts";
import type { Plays } from "../viewer.ts";
import type { FakeWorld } from "./fake-world.ts";

const REPORTS_EVERY_SECONDS = 10;
const STALLED_SECONDS = 1.5;

/** For tests alone: a page that plays the original, and the upscaled film when that is safe, as `decide` of the player says. */
export function simulatePage(
  world: FakeWorld,
  id: string,
  {
    timeline,
    fromSeconds,
    stepSeconds,
  }: { readonly timeline: Timeline; readonly fromSeconds: number; readonly stepSeconds: number },
) {
  const duration = durationSeconds(timeline);
  const folder = world.folder(id);
  let seconds = fromSeconds;
  let plays: Plays = "original";
  let isPaused = false;
  let reportedFor = Infinity;
  let playedFor = 0;
  let opensFor = 0;
  let stalled = 0;
  let fallbacks = 0;
  let upscaledFor = 0;
  let firstUpscaled = Infinity;

  const report = (): void => {
    reportedFor = 0;
    world.streams.reportPlayhead(id, "page", seconds, isPaused, plays);
  };
  const ready = (): number =>
    segmentStartSeconds(
      timeline,
      contiguousEnd(folder.ready, timeline, segmentAt(timeline, seconds)),
    ) - seconds;
  const show = (next: Plays): void => {
    plays = next;
    report();
  };

  function isSafe(): boolean {
    const { state, speed } = world.streams.status(id);
    const left = duration - seconds;
    const needed = safeLeadSeconds(left, state === "running" ? speed : 0, 2 ** fallbacks);
    return left > stepSeconds && ready() >= needed - 0.05;
  }

  return {
    live(): void {
      playedFor += stepSeconds;
      if (seconds >= duration) return;
      if (opensFor > 0) {
        opensFor -= stepSeconds;
        if (opensFor <= 0) show("original");
        return;
      }
      if (plays === "original" && isSafe()) show("stream");
      if (isPaused) stalled = 0;
      else if (plays === "original" || ready() > 0) {
        seconds = Math.min(duration, seconds + stepSeconds);
        stalled = 0;
        if (plays === "stream") {
          upscaledFor += stepSeconds;
          firstUpscaled = Math.min(firstUpscaled, playedFor);
        }
      } else if ((stalled += stepSeconds) > STALLED_SECONDS) {
        fallbacks += 1;
        show("original");
      }
      reportedFor += stepSeconds;
      if (reportedFor >= REPORTS_EVERY_SECONDS) report();
    },
    pause(to: boolean): void {
      isPaused = to;
      report();
    },
    /** To what is not made: the film stands until the original is loaded there. */
    jump(to: number, loadSeconds: number): void {
      [seconds, opensFor] = [to, loadSeconds];
      [playedFor, firstUpscaled] = [0, Infinity];
      report();
    },
    isOver: (): boolean => seconds >= duration,
    /** From the start, or the last jump, until the upscaled film was seen. */
    firstUpscaled: (): number => firstUpscaled,
    upscaledFor: (): number => upscaledFor,
    fallbacks: (): number => fallbacks,
  };
}
