import { segmentCount, type Clock, type StreamFolder, type Timeline } from "@upreel/core";
import type { Plays } from "./viewer.ts";
import { createViewers, type ViewerPosition } from "./viewers.ts";

/** After a trigger somebody is taken to watch for so long, though nothing was asked for yet. */
const VIEWER_COMES_WITHIN_MS = 30_000;

/** Who watches one stream now, where, and who is about to. */
export function createAudience(
  timeline: () => Timeline | undefined,
  folder: StreamFolder,
  clock: Clock,
) {
  const viewers = createViewers();
  let expectedAtMs = Number.NEGATIVE_INFINITY;
  let expectedSeconds = 0;
  return {
    /** Where in the film whoever is expected will begin. */
    get expectedSeconds(): number {
      return expectedSeconds;
    },
    expectFrom: (seconds: number): void => void (expectedSeconds = seconds),
    /** Somebody is about to watch. */
    expect: (atMs: number): void => void (expectedAtMs = atMs),
    expectNobody: (): void => void (expectedAtMs = Number.NEGATIVE_INFINITY),
    /** Somebody watches, or is about to. */
    isExpected: (): boolean =>
      clock.nowMs() - expectedAtMs < VIEWER_COMES_WITHIN_MS || viewers.count(clock.nowMs()) > 0,
    count: (): number => viewers.count(clock.nowMs()),
    positions(): ViewerPosition[] {
      const known = timeline();
      if (known === undefined) return [];
      return viewers.positions({ timeline: known, ready: folder.ready }, clock.nowMs());
    },
    /** Undefined: `viewer` is not among them, or the film is not known yet. */
    secondsOf(viewer: string): number | undefined {
      const known = timeline();
      if (known === undefined) return undefined;
      return viewers.secondsOf(viewer, { timeline: known, ready: folder.ready }, clock.nowMs());
    },
    /** Whether the film has such a segment, as far as is known; else nobody is there. */
    noteAsked(client: string, segment: number): boolean {
      const known = timeline();
      if (known !== undefined && segment >= segmentCount(known)) return false;
      viewers.noteAsked(client, segment, known, clock.nowMs());
      return true;
    },
    report: (viewer: string, seconds: number, isPaused: boolean, plays: Plays): void =>
      viewers.report(viewer, { seconds, isPaused, plays }, timeline(), clock.nowMs()),
    leave: (viewer: string): void => viewers.leave(viewer, clock.nowMs()),
  };
}
