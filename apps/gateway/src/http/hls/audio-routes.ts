import { segmentCount, UpreelError } from "@upreel/core";
import { segmentPlaylist } from "@upreel/watcher";
import { Router } from "express";
import { parseRendition } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";
import { keepAlive } from "../../waiting/keep-alive.ts";
import { isActive } from "../../waiting/in-stream.ts";
import { tryAgain } from "../../waiting/try-again.ts";
import { plannedRecord } from "./planned-record.ts";
import { waiting } from "./playlist-wait.ts";
import { segmentNumber } from "./segment-name.ts";
import { FOR_EVER, sendFile, sendPlaylist, writeFile } from "../server/send-file.ts";

/** Single audio tracks, on the grid of the upscaled segments. */
export function audioRoutes(deps: GatewayDeps): Router {
  const router = Router();

  router.get("/:id/audio/:rendition/playlist.m3u8", async (request, response) => {
    parseRendition(request.params.rendition);
    const { id } = request.params;
    // Before its record is read: that of one that has stopped by now is its last.
    const isStopped = !isActive(deps.streams.status(id).state);
    const { timeline } = await plannedRecord(deps, id, response);
    await sendPlaylist(request, response, segmentPlaylist(timeline, isStopped));
  });

  router.get("/:id/audio/:rendition/:name", async (request, response) => {
    const { id, rendition, name } = request.params;
    const k = segmentNumber(name);
    const record = await plannedRecord(deps, id, response);
    const count = segmentCount(record.timeline);
    if (k >= count)
      throw new UpreelError("segment_not_found", `segment ${k} is past the end of the film`, {
        expected: `0 to ${count - 1}`,
        got: String(k),
      });
    response.type("video/mp2t");
    const { signal } = waiting(deps, response);
    const ready = tryAgain(
      () => deps.renditions.audioSegment(record, rendition, k),
      { signal, everyMs: deps.hold.silentMs },
      (message) => deps.log.warn(message, { stream: id }),
    );
    const held = await keepAlive(ready, response, deps.hold, signal);
    if (held === "over") return;
    const path = await ready;
    if (held === "begun") return await writeFile(response, path);
    response.setHeader("Cache-Control", FOR_EVER);
    await sendFile(response, { path });
  });
  return router;
}
