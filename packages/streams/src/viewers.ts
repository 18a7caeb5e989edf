import { segmentStartSeconds, type Timeline } from "@upreel/core";
import { isNextOf, noteAsked } from "./playhead.ts";
import {
  covers,
  isStillHeld,
  secondsOf,
  unhinderedSeconds,
  type Film,
  type Plays,
  type Report,
  type Viewer,
} from "./viewer.ts";

/** A page that shows the original loads the stream beside it: its report counts until it asks for another place. */
const toldBy = ({ asked, report }: Viewer): Pick<Report, "plays" | "isPaused"> =>
  report !== undefined && (asked === undefined || report.atMs >= asked.firstAskedAtMs)
    ? { plays: report.plays, isPaused: report.isPaused }
    : { plays: "stream", isPaused: false };

/** Where one viewer is. */
export interface ViewerPosition {
  /** Seconds of the film. */
  readonly seconds: number;
  /** The segment that he asked for last; undefined when only reports tell of him. */
  readonly lastAsked: number | undefined;
  readonly plays: Plays;
  readonly isPaused: boolean;
}

/** A player that asked for nothing and told nothing for so long has gone; hls.js and ExoPlayer buffer up to a minute. */
const GONE_AFTER_MS = 120_000;
/** One that is paused may be silent. */
const PAUSED_GONE_AFTER_MS = 1_800_000;
/** A report this far from the first segment that somebody new asks for is taken to be his. */
const SAME_VIEWER_SECONDS = 30;

const lastSeenMs = ({ asked, report }: Viewer): number =>
  Math.max(asked?.lastAskedAtMs ?? -Infinity, report?.atMs ?? -Infinity);
const isWatching = (viewer: Viewer, nowMs: number): boolean =>
  nowMs - lastSeenMs(viewer) <
  (viewer.report?.isPaused === true ? PAUSED_GONE_AFTER_MS : GONE_AFTER_MS);

/** Who watches one stream, and where. Knows no clock: every call says when it is. */
export function createViewers() {
  let viewers: Viewer[] = [];

  const watching = (nowMs: number): Viewer[] => viewers.filter((each) => isWatching(each, nowMs));
  const add = (viewer: Partial<Viewer>): void => {
    viewers.push({
      ...{ client: undefined, name: undefined, asked: undefined, before: undefined },
      ...{ leftSeconds: undefined, report: undefined },
      ...viewer,
    });
  };

  return {
    /** `client` asked for `segment`. Two viewers behind one address are told apart by their segments. */
    noteAsked(client: string, segment: number, timeline: Timeline | undefined, nowMs: number) {
      viewers = watching(nowMs);
      const own = viewers
        .filter((viewer) => viewer.client === client)
        .sort((a, b) => lastSeenMs(b) - lastSeenMs(a));
      const going = own.find(({ asked }) => asked !== undefined && isNextOf(asked, segment));
      if (going !== undefined) {
        going.asked = noteAsked(going.asked, segment, nowMs);
        return;
      }
      const isSession = own.some(({ name }) => name === client);
      if (isSession && own.some((viewer) => isStillHeld(viewer, segment, nowMs))) return;
      const parted = isSession
        ? undefined
        : own.find(({ before }) => before !== undefined && isNextOf(before, segment));
      if (parted !== undefined) {
        // Somebody goes on where we thought he had left: they are two.
        add({ client, asked: noteAsked(parted.before, segment, nowMs) });
        parted.before = undefined;
        return;
      }
      const asked = noteAsked(undefined, segment, nowMs);
      const [jumped] = own;
      if (jumped !== undefined && own.length === 1) {
        const leftSeconds = timeline && unhinderedSeconds(jumped, timeline, nowMs);
        Object.assign(jumped, { before: jumped.asked, leftSeconds, asked });
        return;
      }
      const reported = viewers.find(
        ({ client: other, name, report }) =>
          name === client ||
          (other === undefined &&
            report !== undefined &&
            timeline !== undefined &&
            Math.abs(segmentStartSeconds(timeline, segment) - report.seconds) <
              SAME_VIEWER_SECONDS),
      );
      if (reported === undefined) add({ client, asked });
      else Object.assign(reported, { client, asked });
    },

    /** The viewer `name` is at `seconds`; he may be one of those who ask for segments. */
    report(
      name: string,
      { seconds, isPaused, plays }: Omit<Report, "atMs">,
      timeline: Timeline | undefined,
      nowMs: number,
    ) {
      const report = { seconds, isPaused, plays, atMs: nowMs };
      const named = viewers.find((viewer) => viewer.name === name || viewer.client === name);
      const covering =
        named?.client === undefined && timeline !== undefined
          ? viewers.find(
              (viewer) => viewer.name === undefined && covers(viewer.asked, seconds, timeline),
            )
          : undefined;
      if (named === undefined && covering === undefined) return add({ name, report });
      if (named !== undefined && covering !== undefined) {
        viewers = viewers.filter((viewer) => viewer !== named);
      }
      Object.assign(covering ?? named ?? {}, { name, report });
    },

    leave(name: string, nowMs: number): void {
      viewers = watching(nowMs).filter((viewer) => viewer.name !== name && viewer.client !== name);
    },

    /** Where the viewer of this name, or of these requests, is; undefined: nobody of it watches. */
    secondsOf(name: string, film: Film, nowMs: number): number | undefined {
      const named = watching(nowMs).find((each) => each.name === name || each.client === name);
      return named && secondsOf(named, film, nowMs);
    },

    count: (nowMs: number): number => watching(nowMs).length,
    positions: (film: Film, nowMs: number): ViewerPosition[] =>
      watching(nowMs).map((viewer) => ({
        seconds: secondsOf(viewer, film, nowMs),
        lastAsked: viewer.asked?.lastAsked,
        ...toldBy(viewer),
      })),
  };
}
