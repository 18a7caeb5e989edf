import { parseRendition } from "@upreel/engine";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { FOR_EVER } from "../server/send-file.ts";
import { namedSegment, sendGridPlaylist, sendMadeSegment } from "./grid-rendition.ts";

/** Single audio tracks, on the grid of the upscaled segments. */
export function audioRoutes(deps: GatewayDeps): Router {
  const router = Router();

  router.get("/:id/audio/:rendition/playlist.m3u8", async (request, response) => {
    const { rendition } = request.params;
    await sendGridPlaylist(deps, request, response, () => void parseRendition(rendition));
  });

  router.get("/:id/audio/:rendition/:name", async (request, response) => {
    const { id, rendition } = request.params;
    const { record, k } = await namedSegment(deps, request.params, response);
    await sendMadeSegment(deps, response, {
      ...{ id, cacheControl: FOR_EVER },
      make: () => deps.renditions.audioSegment(record, rendition, k),
    });
  });
  return router;
}
