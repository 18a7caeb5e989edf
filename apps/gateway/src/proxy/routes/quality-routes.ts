import { asPlanned } from "@upreel/core";
import { Router } from "express";
import { closestQuality, filmQualities } from "../../http/hls/film-qualities.ts";
import { viewerQualitySchema } from "../../viewing/playback.ts";
import type { ProxyDeps } from "../deps.ts";
import { deviceSchema, nothingMade, parseWish, unknownPlayback, wishBody } from "./device-wish.ts";

const wishSchema = deviceSchema.extend({ quality: viewerQualitySchema });

/**
 * The qualities of the film that a device plays upscaled, and in which it is to play that and the films to come. Who knows a
 * device's id, which is unguessable, may choose.
 */
export function qualityRoutes(
  deps: Pick<ProxyDeps, "config" | "streams" | "records" | "renditions" | "playbacks">,
): Router {
  const { config, streams, records, playbacks } = deps;
  const router = Router();

  router.get("/qualities", async (request, response) => {
    const { deviceId } = request.query;
    const playback =
      typeof deviceId === "string" ? playbacks.latest(deviceId)?.playback : undefined;
    if (playback?.streamId === undefined) throw nothingMade();
    const { streamId, viewer } = playback;
    const record = asPlanned(await records.read(streamId));
    const folder = streams.get(streamId) && (await streams.folder(streamId));
    const offered = record && folder && (await filmQualities(deps, record, folder));
    const wish = playbacks.qualityOf(viewer) ?? (config.offersLadder ? "line" : "best");
    response.setHeader("Cache-Control", "no-store");
    response.json({
      qualities: (offered ?? []).map(({ quality, lines, averageBandwidth }) => ({
        ...{ quality, lines, bits_per_second: averageBandwidth },
      })),
      chosen:
        offered === undefined || wish === "line" ? wish : closestQuality(offered, wish).quality,
    });
  });

  router.post("/quality", wishBody(), (request, response) => {
    const { device_id: viewer, quality } = parseWish(wishSchema, request.body, {
      problem: "the body names no device and quality",
      expected: '{"device_id": "…", "quality": "best" | "lean" | "line" | 480}',
    });
    const playback = playbacks.latest(viewer)?.playback;
    if (playback === undefined) throw unknownPlayback();
    playbacks.chooseQuality(viewer, quality);
    // Whoever chooses among them wants to see it upscaled when it is played again.
    playbacks.choose(viewer, playback.itemId, { shows: "upscaled" });
    response.status(204).end();
  });
  return router;
}
