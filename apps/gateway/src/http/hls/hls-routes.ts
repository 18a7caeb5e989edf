import { join } from "node:path";
import { UpreelError, asProbed, isActive } from "@upreel/core";
import { vodPlaylist } from "@upreel/watcher";
import { Router } from "express";
import { allowAnyOrigin } from "../guard/any-origin.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { holdForSegment, refuseWhatNeverComes } from "./segment-hold.ts";
import { audioRoutes } from "./audio-routes.ts";
import type { GatewayDeps } from "../deps.ts";
import { fontRoutes } from "./font-routes.ts";
import { holdFor, namingLadder } from "./ladder-hold.ts";
import { lowerRoutes } from "./lower-routes.ts";
import { masterRoutes } from "./master-routes.ts";
import { originalRoutes } from "./original-routes.ts";
import { playEvicted } from "./play-evicted.ts";
import { clientOf } from "./playhead-routes.ts";
import { readPlayable, sendOnceThere, waiting } from "./playlist-wait.ts";
import { segmentNumber } from "./segment-name.ts";
import { FOR_EVER, sendFile } from "../server/send-file.ts";
import { sendSegment } from "./send-segment.ts";
import { subtitleRoutes } from "./subtitle-routes.ts";
import { thumbnailRoutes } from "./thumbnail-routes.ts";
import { baseUrl } from "../server/urls.ts";

/** Playlists, segments and archives: the embedded HLS server. Only the names of the HTTP contract are served. */
export function hlsRoutes(deps: GatewayDeps): Router {
  const { streams, records, config } = deps;
  const router = Router();
  const folderOf = (id: string): string => join(config.dataDir, "streams", id);
  router.use(allowAnyOrigin);
  router.use("/:id", playEvicted(deps));
  router.use(masterRoutes(deps));
  router.use(audioRoutes(deps));
  router.use(lowerRoutes(deps));
  router.use(originalRoutes(deps));
  router.use(subtitleRoutes(deps));
  router.use(fontRoutes(deps));
  router.use(thumbnailRoutes(deps));

  router.get("/:id/live.m3u8", async (request, response) => {
    const { id } = request.params;
    const path = join(folderOf(id), "live.m3u8");
    const stream = { id, folder: await streams.folder(id) };
    await sendOnceThere(deps, request, response, (bounds) =>
      waitInStream(deps, stream, () => readPlayable(path), bounds),
    );
  });

  router.get("/:id/stream.m3u8", async (request, response) => {
    const { id } = request.params;
    // Before its record is read: that of one that has stopped by now is its last.
    const isStopped = !isActive(streams.status(id).state);
    // Jellyfin hands the playlist of a .strm on under its own address, where relative names lead nowhere.
    const isAbsolute = request.query["absolute"] !== undefined;
    const folder = `${baseUrl(request, config.publicUrl)}/hls/${id}/`;
    await sendOnceThere(deps, request, response, async (bounds) => {
      const probed = async () => asProbed(await records.read(id));
      const { timeline, archiveOffsets } = await waitInStream(deps, { id }, probed, bounds);
      const playlist = namingLadder(request, vodPlaylist(timeline, archiveOffsets, isStopped));
      return isAbsolute ? below(folder, playlist) : playlist;
    });
  });

  router.get("/:id/segments/:name", async (request, response) => {
    const { id, name } = request.params;
    const segment = segmentNumber(name);
    const folder = await streams.folder(id);
    folder.noteWanted();
    const isWatching = request.method === "GET";
    const ask = (): void => {
      if (isWatching) streams.noteAsked(id, segment, clientOf(request));
    };
    ask();
    response.type("video/mp2t");
    for (;;) {
      if (!folder.ready.has(segment)) {
        refuseWhatNeverComes(deps, streams.status(id), segment, isWatching);
        response.setHeader("Cache-Control", "no-store");
        const { signal } = waiting(deps, response);
        const waiter = { ...deps, timing: await holdFor(request, deps.hold, folder), signal };
        const wanted = { id, segment, folder, dataDir: config.dataDir, ask };
        const held = await holdForSegment(wanted, response, waiter);
        if (held === "sent") return;
      }
      response.setHeader("Cache-Control", FOR_EVER);
      try {
        return await sendSegment(request, response, folder, segment);
      } catch (thrown) {
        // Somebody deleted the film: what is asked for of it is made again.
        const isGone = thrown instanceof UpreelError && thrown.code === "archive_gone";
        if (!isGone || (await folder.hasArchive())) throw thrown;
        ask();
      }
    }
  });

  router.get("/:id/archive.ts", async (request, response) => {
    const { file, state } = streams.status(request.params.id);
    if (file === undefined)
      throw new UpreelError("not_found", "the finished film is not there yet", {
        expected: "a stream that is complete",
        got: `a stream that is ${state}`,
      });
    (await streams.folder(request.params.id)).noteWanted();
    response.type("video/mp2t");
    await sendFile(response, { path: file });
  });
  return router;
}

/** The pieces of a playlist with `folder` before each relative name. */
function* below(folder: string, pieces: Iterable<string>): Generator<string, void> {
  for (const piece of pieces) yield piece.replaceAll(/^(?=[^#\s])/gm, folder);
}
