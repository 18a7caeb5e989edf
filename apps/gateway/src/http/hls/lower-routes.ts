import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { namedSegment, sendGridPlaylist, sendMadeSegment } from "./grid-rendition.ts";
import { clientOf } from "./playhead-routes.ts";

/** The film for thinner lines, on the grid of the upscaled segments. */
export function lowerRoutes(deps: GatewayDeps): Router {
  const { streams, renditions } = deps;
  const router = Router();

  router.get("/:id/lower/:quality/playlist.m3u8", async (request, response) => {
    const { quality } = request.params;
    await sendGridPlaylist(deps, request, response, (record) =>
      renditions.lower.check(record, quality),
    );
  });

  router.get("/:id/lower/:quality/:name", async (request, response) => {
    const { id, quality } = request.params;
    const { record, k } = await namedSegment(deps, request.params, response);
    // He may come back to the upscaled film, which goes on where he is.
    if (request.method === "GET") streams.noteAsked(id, k, clientOf(request));
    await sendMadeSegment(deps, response, {
      ...{ id, cacheControl: "private, max-age=600" },
      make: (signal) => renditions.lower.segment(record, quality, k, signal),
    });
  });
  return router;
}
