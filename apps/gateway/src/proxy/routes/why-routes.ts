import { UpreelError, type StreamState, type StreamView } from "@upreel/core";
import { Router, type Request } from "express";
import { passReason } from "@upreel/jellyfin";
import { z } from "zod";
import type { ProxyDeps } from "../deps.ts";
import { isLoopback } from "../../config/is-loopback.ts";
import { streamBody } from "../../http/api/stream-body.ts";
import type { FilmToOpen } from "../playback-info/open-film.ts";
import type { Playback } from "../../viewing/playback.ts";
import { deviceSchema, parseWish, unknownPlayback, wishBody } from "./device-wish.ts";

const choiceSchema = deviceSchema.extend({ shows: z.enum(["upscaled", "original"]) });
const RESTING: ReadonlySet<StreamState> = new Set(["idle", "failed", "cancelled", "paused"]);

/**
 * What a device sees and why, what it wants to see next time it asks, and whether a film is to be
 * made ahead of time. Who knows a device's id or a play session, both unguessable, may ask.
 */
export function whyRoutes(
  { config, streams, playbacks }: Pick<ProxyDeps, "config" | "streams" | "playbacks">,
  openFilm: (film: FilmToOpen) => Promise<string>,
): Router {
  const router = Router();
  const viewOf = (id: string | undefined): StreamView | undefined =>
    id === undefined ? undefined : streams.get(id);

  router.get("/why", (request, response) => {
    const { playSessionId, deviceId } = request.query;
    const entry =
      typeof playSessionId === "string"
        ? playbacks.find(playSessionId)
        : typeof deviceId === "string"
          ? playbacks.latest(deviceId)
          : undefined;
    if (entry === undefined) throw unknownPlayback();
    const { playback, report, isOver } = entry;
    const stream = viewOf(playback.streamId ?? playback.madeAheadId);
    response.setHeader("Cache-Control", "no-store");
    response.json({
      play_session_id: playback.playSessionId,
      item_id: playback.itemId,
      client: playback.client ?? null,
      shows: playback.shows,
      reason: playback.reason ?? null,
      is_playing: !isOver,
      position_seconds: report?.seconds ?? null,
      stream: stream === undefined ? null : streamBody(stream),
      can_make_ahead: canMakeAhead(playback, viewOf(playback.madeAheadId)),
      compare_url:
        playback.streamId === undefined ? null : compareUrl(config, request, playback.streamId),
    });
  });

  router.post("/choice", wishBody(), (request, response) => {
    const { device_id: viewer, shows } = parseWish(choiceSchema, request.body, {
      problem: "the body does not say what the device wants to play",
      expected: '{"device_id": "…", "shows": "upscaled" | "original"}',
    });
    const playback = playbacks.latest(viewer)?.playback;
    if (playback === undefined) throw unknownPlayback();
    playbacks.choose(
      viewer,
      playback.itemId,
      shows === "upscaled"
        ? { shows }
        : { shows, reason: passReason("original_chosen", "the viewer chose the original") },
    );
    response.status(204).end();
  });

  router.post("/ahead", wishBody(), async (request, response) => {
    const { device_id: viewer } = parseWish(deviceSchema, request.body, {
      problem: "the body names no device",
      expected: '{"device_id": "…"}',
    });
    const playback = playbacks.latest(viewer)?.playback;
    if (playback?.film === undefined) throw unknownPlayback();
    if (playback.reason?.code !== "cannot_hold")
      throw new UpreelError(
        "bad_request",
        "only films that are too slow to watch live are upscaled ahead of time",
        {
          expected: "a film that plays as it is for cannot_hold",
          got: playback.reason?.code ?? playback.shows,
        },
      );
    const id = await openFilm({ ...playback.film, priority: "background" });
    playbacks.learn(playback.playSessionId, { madeAheadId: id });
    response.status(202).json({ id });
  });
  return router;
}

/** Whether its viewer may have it made for the next time. */
const canMakeAhead = ({ film, reason }: Playback, made: StreamView | undefined): boolean =>
  film !== undefined &&
  reason?.code === "cannot_hold" &&
  (made === undefined || RESTING.has(made.state));

/** The page that shows both side by side, where this viewer can reach it. */
function compareUrl(
  { publicUrl, host, port }: ProxyDeps["config"],
  request: Request,
  streamId: string,
): string | null {
  if (publicUrl !== undefined) return `${publicUrl}/watch/${streamId}`;
  return isLoopback(host) || port === 0
    ? null
    : `http://${request.hostname}:${port}/watch/${streamId}`;
}
