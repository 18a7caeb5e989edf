import { parseItemId, TICKS_PER_SECOND } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { z } from "zod";
import type { Playback, Playbacks } from "./playbacks.ts";
import type { ProxiedCall } from "./proxied-call.ts";

/** A report has about 1 kB, with a long queue some hundred. */
export const REPORT_LIMIT_BYTES = 1024 * 1024;

const reportSchema = z.looseObject({
  PlaySessionId: z.string().nullish(),
  ItemId: z.string().nullish(),
  PositionTicks: z.number().nonnegative().nullish(),
  IsPaused: z.boolean().nullish(),
});

/** Takes notice of a report of `viewer`'s that is on its way to Jellyfin. */
export function noteReport(
  { streams, playbacks }: { readonly streams: Streams; readonly playbacks: Playbacks },
  { event }: Extract<ProxiedCall, { kind: "report" }>,
  body: Buffer,
  viewer: string,
): void {
  const report = readReport(body);
  const id = report && sessionOf(playbacks, report, event, viewer);
  if (report === undefined || id === undefined) return;
  const { PositionTicks: ticks, IsPaused: isPaused } = report;
  if (event === "stopped") return leave({ streams, playbacks }, id, "stopped");
  if (ticks === undefined || ticks === null) return;
  const seconds = ticks / TICKS_PER_SECOND;
  playbacks.report(id, { seconds, isPaused: isPaused === true });
  const playback = playbacks.find(id)?.playback;
  if (playback !== undefined) placeViewer(streams, playback, seconds, isPaused === true);
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
  if (streamId === undefined || !isKnown(streams, streamId)) return;
  const plays = shows === "upscaled" ? "stream" : "original";
  streams.reportPlayhead(streamId, playSessionId, seconds, isPaused, plays);
}

/** `stopped`: nobody watches any more; `changed`: the client goes on with another play session. */
export function leave(
  { streams, playbacks }: { readonly streams: Streams; readonly playbacks: Playbacks },
  playSessionId: string | undefined,
  why: "stopped" | "changed",
): void {
  const playback = playbacks.find(playSessionId)?.playback;
  if (playback === undefined) return;
  if (why === "stopped") playbacks.end(playback.playSessionId);
  const { streamId } = playback;
  if (streamId !== undefined && isKnown(streams, streamId))
    streams.viewerLeft(streamId, playback.playSessionId);
}

const isKnown = (streams: Streams, id: string): boolean =>
  streams.list().some((status) => status.id === id);

type Report = z.infer<typeof reportSchema>;

function readReport(body: Buffer): Report | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
