import { parseItemId, TICKS_PER_SECOND } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { z } from "zod";
import type { Playback } from "../../viewing/playback.ts";
import type { Playbacks } from "../../viewing/playbacks.ts";
import type { ProxiedCall } from "../exchange/proxied-call.ts";

/** Between PlaybackInfo and its first report a client loads; what it played before may still report. */
const LOADING_MS = 15_000;
/** Not everything that is asked for is played. */
const UNPLAYED_MS = 60_000;

/** A report has about 1 kB, with a long queue some hundred. */
export const REPORT_LIMIT_BYTES = 256 * 1024;

const reportSchema = z.looseObject({
  PlaySessionId: z.string().nullish(),
  ItemId: z.string().nullish(),
  PositionTicks: z.number().nonnegative().nullish(),
  IsPaused: z.boolean().nullish(),
});

export interface LeaveDependencies {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
}

/** Takes notice of a report of `viewer`'s that is on its way to Jellyfin. Gives where a playback is now. */
export function noteReport(
  { streams, playbacks }: LeaveDependencies,
  { event }: Extract<ProxiedCall, { kind: "report" }>,
  body: Buffer,
  viewer: string,
): { readonly playback: Playback; readonly seconds: number } | undefined {
  const report = readReport(body);
  const id = report && sessionOf(playbacks, report, event, viewer);
  if (report === undefined || id === undefined) return undefined;
  const { PositionTicks: ticks, IsPaused: isPaused } = report;
  if (event === "stopped") leave({ streams, playbacks }, id, "stopped");
  if (event === "stopped" || ticks === undefined || ticks === null) return undefined;
  const playback = playbacks.find(id)?.playback;
  if (playback === undefined) return undefined;
  if (event === "progress" && isLeftBehind(playbacks, playback)) return undefined;
  leaveOthers({ streams, playbacks }, playback.viewer, (each) => each === playback);
  const seconds = ticks / TICKS_PER_SECOND;
  playbacks.report(id, { seconds, isPaused: isPaused === true });
  placeViewer(streams, playback, seconds, isPaused === true);
  return { playback, seconds };
}

/**
 * The play session of a report. jellyfin-web names none where it plays a file directly, so that is then
 * what it does; its last word on that may come after it has begun with something else.
 */
function sessionOf(
  playbacks: Playbacks,
  { PlaySessionId: id, ItemId }: Report,
  event: "playing" | "progress" | "stopped",
  viewer: string,
): string | undefined {
  if (id !== undefined && id !== null && id !== "") return id;
  const itemId = parseItemId(ItemId ?? "");
  if (itemId === undefined) return undefined;
  const original = playbacks.latestOriginal(viewer, itemId);
  const isNow = original === playbacks.latest(viewer, itemId);
  return event === "stopped" || isNow ? original?.playback.playSessionId : undefined;
}

/** Tells the stream of a playback, if there is one still, where its viewer is. */
export function placeViewer(
  streams: Streams,
  { streamId, playSessionId, shows }: Playback,
  seconds: number,
  isPaused: boolean,
): void {
  if (streamId === undefined || !streams.has(streamId)) return;
  const plays = shows === "upscaled" ? "stream" : "original";
  streams.reportPlayhead(streamId, playSessionId, seconds, isPaused, plays);
}

/** `stopped`: nobody watches any more; `changed`: the client goes on with another play session. */
export function leave(
  { streams, playbacks }: LeaveDependencies,
  playSessionId: string | undefined,
  why: "stopped" | "changed",
): void {
  const playback = playbacks.find(playSessionId)?.playback;
  if (playback === undefined) return;
  if (why === "stopped") playbacks.end(playback.playSessionId);
  const { streamId } = playback;
  if (streamId !== undefined && streams.has(streamId))
    streams.viewerLeft(streamId, playback.playSessionId);
}

/** One device plays one thing: what `viewer` played before, but for what is kept, has no viewer any more. */
export function leaveOthers(
  deps: LeaveDependencies,
  viewer: string,
  isKept: (playback: Playback) => boolean,
): void {
  for (const { playback } of deps.playbacks.open()) {
    if (playback.viewer !== viewer || playback.isShared === true || isKept(playback)) continue;
    leave(deps, playback.playSessionId, "stopped");
  }
}

/** What was asked for and never played, as far as reports tell, has no viewer. */
export function leaveUnplayed(deps: LeaveDependencies): void {
  for (const { playback, report } of deps.playbacks.open())
    if (report === undefined && deps.playbacks.ageMs(playback) > UNPLAYED_MS)
      leave(deps, playback.playSessionId, "stopped");
}

/**
 * Whether a report of progress is the last word on what its device has left: it has asked for something
 * else since, which loads or plays. Not all who ask for something play it.
 */
function isLeftBehind(playbacks: Playbacks, playback: Playback): boolean {
  if (playback.isShared === true) return false;
  const newest = playbacks.latest(playback.viewer);
  if (newest === undefined || newest.playback === playback || newest.isOver) return false;
  return newest.report !== undefined || playbacks.ageMs(newest.playback) < LOADING_MS;
}

type Report = z.infer<typeof reportSchema>;

function readReport(body: Buffer): Report | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
