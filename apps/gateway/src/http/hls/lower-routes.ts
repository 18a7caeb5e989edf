import { segmentCount, UpreelError } from "@upreel/core";
import { segmentPlaylist } from "@upreel/watcher";
import { Router } from "express";
import { keepAlive } from "../../waiting/keep-alive.ts";
import { isActive } from "../../waiting/in-stream.ts";
import { tryAgain } from "../../waiting/try-again.ts";
import type { GatewayDeps } from "../deps.ts";
import { sendFile, sendPlaylist, writeFile } from "../server/send-file.ts";
import { plannedRecord } from "./planned-record.ts";
import { clientOf } from "./playhead-routes.ts";
import { waiting } from "./playlist-wait.ts";
import { segmentNumber } from "./segment-name.ts";

/** The film for thinner lines, on the grid of the upscaled segments. */
export function lowerRoutes(deps: GatewayDeps): Router {
  const { streams, renditions } = deps;
  const router = Router();

  router.get("/:id/lower/:quality/playlist.m3u8", async (request, response) => {
    const { id, quality } = request.params;
    // Before its record is read: that of one that has stopped by now is its last.
    const isStopped = !isActive(streams.status(id).state);
    const record = await plannedRecord(deps, id, response);
    renditions.lower.check(record, quality);
    await sendPlaylist(request, response, segmentPlaylist(record.timeline, isStopped));
  });

  router.get("/:id/lower/:quality/:name", async (request, response) => {
    const { id, quality, name } = request.params;
    const k = segmentNumber(name);
    const record = await plannedRecord(deps, id, response);
    const count = segmentCount(record.timeline);
    if (k >= count)
      throw new UpreelError("segment_not_found", `segment ${k} is past the end of the film`, {
        expected: `0 to ${count - 1}`,
        got: String(k),
      });
    // He may come back to the upscaled film, which goes on where he is.
    if (request.method === "GET") streams.noteAsked(id, k, clientOf(request));
    response.type("video/mp2t");
    const { signal } = waiting(deps, response);
    const ready = tryAgain(
      () => renditions.lower.segment(record, quality, k),
      { signal, everyMs: deps.hold.silentMs },
      (message) => deps.log.warn(message, { stream: id }),
    );
    const held = await keepAlive(ready, response, deps.hold, signal);
    if (held === "over") return;
    const path = await ready;
    if (held === "begun") return await writeFile(response, path);
    response.setHeader("Cache-Control", "private, max-age=600");
    await sendFile(response, { path });
  });
  return router;
}
