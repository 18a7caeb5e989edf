import { UpreelError, type PlannedRecord } from "@upreel/core";
import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";
import { namedSegment, sendGridPlaylist, sendMadeSegment } from "./grid-rendition.ts";
import { clientOf } from "./playhead-routes.ts";
import { refuseWhatNeverComes, segmentReady } from "./segment-hold.ts";

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
    const from = renditions.lower.check(record, quality);
    const isWatching = request.method === "GET";
    const ask = (): void => {
      // He may come back to the upscaled film, which goes on where he is.
      if (isWatching) streams.noteAsked(id, k, clientOf(request));
    };
    ask();
    const wanted = { record, quality, k, ask, isWatching };
    await sendMadeSegment(deps, response, {
      ...{ id, cacheControl: "private, max-age=600" },
      make: (signal) =>
        from === "upscaled"
          ? makeOfUpscaled(deps, wanted, signal)
          : renditions.lower.segment(record, quality, k, signal),
    });
  });
  return router;
}

/** A segment at fewer bits, once the upscaled one is there. */
async function makeOfUpscaled(
  deps: GatewayDeps,
  wanted: {
    readonly record: PlannedRecord;
    readonly quality: string;
    readonly k: number;
    readonly ask: () => void;
    readonly isWatching: boolean;
  },
  signal: AbortSignal,
): Promise<string> {
  const { record, quality, k, ask, isWatching } = wanted;
  const { id } = record;
  const folder = await deps.streams.folder(id);
  folder.noteWanted();
  for (;;) {
    if (!folder.ready.has(k)) refuseWhatNeverComes(deps, deps.streams.status(id), k, isWatching);
    await segmentReady({ id, segment: k, folder, ask }, { ...deps, timing: deps.hold, signal });
    try {
      return await deps.renditions.lower.segment(
        { ...record, upscaled: folder },
        quality,
        k,
        signal,
      );
    } catch (thrown) {
      // Somebody deleted the film: what is asked for of it is made again.
      const isGone = thrown instanceof UpreelError && thrown.code === "archive_gone";
      if (!isGone || (await folder.hasArchive())) throw thrown;
      ask();
    }
  }
}
