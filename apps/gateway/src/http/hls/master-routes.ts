import { UpreelError } from "@upreel/core";
import { masterPlaylist } from "@upreel/watcher";
import { Router } from "express";
import { measureVariant, offerAudio } from "@upreel/engine";
import { waitInStream } from "../../waiting/in-stream.ts";
import { parseAudioWish } from "./audio-wish.ts";
import { audioRenditions, codecsOf, queryOf, subtitleRenditions } from "./child-uris.ts";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";
import { rateCap, withinRate } from "./rate-cap.ts";
import { sendPlaylist } from "../server/send-file.ts";
import { waiting } from "./playlist-wait.ts";

/** master.m3u8: the upscaled film with all its tracks. */
export function masterRoutes(deps: GatewayDeps): Router {
  const { streams } = deps;
  const router = Router();

  router.get("/:id/master.m3u8", async (request, response) => {
    const { id } = request.params;
    const wish = parseAudioWish(request.query);
    const record = await plannedRecord(deps, id, response);
    const { source, timeline, output } = record;
    const audio = offerAudio(source, output.audio, wish);
    const folder = await streams.folder(id);
    const measured = await waitInStream(
      deps,
      { id, folder },
      () => measureVariant(folder, timeline),
      waiting(deps, response),
    );
    const query = queryOf(request);
    const upscaled = {
      ...measured,
      uri: `stream.m3u8${query}`,
      width: output.width,
      height: output.height,
      frameRate: timeline.rate,
      codecs: codecsOf(measured.codec, audio),
    };
    const cap = rateCap(deps.config.rates, request.ip);
    const isTooMuch = cap !== undefined && upscaled.bandwidth > cap;
    const others =
      isTooMuch || isLadderWished(request.query["ladder"], deps.config)
        ? deps.renditions.lower.offer(record).map(({ name, codec, ...each }) => ({
            ...each,
            uri: `lower/${name}/playlist.m3u8${query}`,
            frameRate: timeline.rate,
            codecs: codecsOf(codec, audio),
          }))
        : [];
    const [variant, ...lower] = withinRate([upscaled, ...others], cap);
    const playlist = masterPlaylist({
      ...{ variant, lower },
      audio: audioRenditions(audio, query),
      subtitles:
        timeline.growth === "going"
          ? []
          : subtitleRenditions(request, await deps.renditions.subtitles.tracksOf(source)),
    });
    await sendPlaylist(request, response, playlist);
  });
  return router;
}

/** `ladder=on` or `off` for one player, in place of the setting. */
function isLadderWished(query: unknown, { offersLadder }: GatewayDeps["config"]): boolean {
  if (query === undefined) return offersLadder;
  if (query === "on" || query === "off") return query === "on";
  throw new UpreelError("bad_request", "whether lower qualities are wanted is not understood", {
    expected: "ladder=on or ladder=off",
    got: JSON.stringify(query).slice(0, 100),
  });
}
