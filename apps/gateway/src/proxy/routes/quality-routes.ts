import { asPlanned, UpreelError } from "@upreel/core";
import { json, Router } from "express";
import { z } from "zod";
import { closestQuality, filmQualities } from "../../http/hls/film-qualities.ts";
import { viewerQualitySchema } from "../../viewing/playback.ts";
import { unknownPlayback } from "./choice-routes.ts";
import type { ProxyDeps } from "../deps.ts";

const wishSchema = z.object({
  device_id: z.string().min(1).max(500),
  quality: viewerQualitySchema,
});

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
    if (playback?.streamId === undefined) throw unknownPlayback();
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

  router.post("/quality", json({ type: () => true, limit: "4kb" }), (request, response) => {
    const wish = wishSchema.safeParse(request.body);
    if (!wish.success)
      throw new UpreelError("bad_request", "the body names no device and quality", {
        expected: '{"device_id": "…", "quality": "best" | "lean" | "line" | 480}',
        got: JSON.stringify(request.body ?? null).slice(0, 100),
      });
    const { device_id: viewer, quality } = wish.data;
    const playback = playbacks.latest(viewer)?.playback;
    if (playback === undefined) throw unknownPlayback();
    playbacks.chooseQuality(viewer, quality);
    // Whoever chooses among them wants to see it upscaled when it is played again.
    playbacks.choose(viewer, playback.itemId, { shows: "upscaled" });
    response.status(204).end();
  });
  return router;
}
