import { join } from "node:path";
import { segmentCount, UpreelError } from "@upreel/core";
import { audioPlaylist, masterPlaylist } from "@upreel/watcher";
import { Router, type Request, type Response } from "express";
import { measureVariant } from "../renditions/measure-variant.ts";
import { offerAudio } from "../renditions/offer-audio.ts";
import { parseRendition } from "../renditions/renditions.ts";
import { allowAnyOrigin } from "./any-origin.ts";
import { parseAudioWish } from "./audio-wish.ts";
import type { GatewayDeps } from "./deps.ts";
import { waitInStream, waiting } from "./playlist-wait.ts";
import { holdWithPackets } from "./segment-hold.ts";
import { segmentNumber } from "./segment-name.ts";
import { FOR_EVER, sendFile, sendPlaylist, writeFile } from "./send-file.ts";
import { readPlannedRecord, type PlannedRecord } from "./stored-record.ts";

const AUDIO_PLAYLIST = "playlist.m3u8";

/** master.m3u8 and what it names beside the upscaled segments. */
export function renditionRoutes(deps: GatewayDeps): Router {
  const { streams, renditions, config } = deps;
  const router = Router();
  router.use(allowAnyOrigin);

  /** What a stream is made from, as soon as that is known. */
  const recordOf = (id: string, response: Response): Promise<PlannedRecord> =>
    waitInStream(
      streams,
      id,
      () => readPlannedRecord(join(config.dataDir, "streams", id, "stream.json")),
      waiting(deps, response),
    );

  router.get("/:id/master.m3u8", async (request, response) => {
    const { id } = request.params;
    const wish = parseAudioWish(request.query);
    const record = await recordOf(id, response);
    const { timeline, output } = record;
    const audio = offerAudio(record, wish);
    const folder = await streams.folder(id);
    const measured = await waitInStream(
      streams,
      id,
      () => measureVariant(folder, timeline),
      waiting(deps, response),
    );
    const query = queryOf(request);
    const { codec } = measured;
    const playlist = masterPlaylist({
      variant: {
        ...measured,
        uri: `stream.m3u8${query}`,
        width: output.width,
        height: output.height,
        frameRate: timeline.rate,
        codecs:
          codec === undefined ? undefined : [codec, ...new Set(audio.map((each) => each.codec))],
      },
      // One way to hear is no choice.
      audio:
        audio.length === 1 && audio[0]?.rendition === undefined
          ? []
          : audio.map((each) => ({
              ...each,
              uri:
                each.rendition === undefined
                  ? undefined
                  : `audio/${each.rendition}/${AUDIO_PLAYLIST}${query}`,
            })),
      subtitles: [],
    });
    await sendPlaylist(request, response, playlist);
  });

  router.get(`/:id/audio/:rendition/${AUDIO_PLAYLIST}`, async (request, response) => {
    parseRendition(request.params.rendition);
    const { timeline } = await recordOf(request.params.id, response);
    await sendPlaylist(request, response, audioPlaylist(timeline));
  });

  router.get("/:id/audio/:rendition/:name", async (request, response) => {
    const { id, rendition, name } = request.params;
    const k = segmentNumber(name);
    const record = await recordOf(id, response);
    const count = segmentCount(record.timeline);
    if (k >= count)
      throw new UpreelError("segment_not_found", `segment ${k} is past the end of the film`, {
        expected: `0 to ${count - 1}`,
        got: String(k),
      });
    response.type("video/mp2t");
    const ready = renditions.audioSegment(record, rendition, k);
    const held = await holdWithPackets(ready, response, deps.hold, waiting(deps, response).signal);
    if (held === "over") return;
    const path = await ready;
    if (held === "begun") return await writeFile(response, path);
    response.setHeader("Cache-Control", FOR_EVER);
    await sendFile(response, path);
  });
  return router;
}

/** With its question mark; empty without one. Children of a master playlist keep it. */
function queryOf(request: Request): string {
  const at = request.originalUrl.indexOf("?");
  return at < 0 ? "" : request.originalUrl.slice(at);
}
