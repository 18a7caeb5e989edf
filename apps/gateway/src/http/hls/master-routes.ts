import { UpreelError } from "@upreel/core";
import { masterPlaylist } from "@upreel/watcher";
import { Router, type Request } from "express";
import { measureVariant, offerAudio } from "@upreel/engine";
import { parseRate } from "../../config/rate-rules.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { parseAudioWish } from "./audio-wish.ts";
import { audioRenditions, codecsOf, queryOf, subtitleRenditions } from "./child-uris.ts";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";
import { playSessionOf } from "./playhead-routes.ts";
import { clientByAgent, rateCap, withinRate } from "./rate-cap.ts";
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
      () => measureVariant(folder, timeline, output),
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
    const cap = await capOf(deps, request);
    const isTooMuch = cap !== undefined && upscaled.bandwidth > cap;
    const others =
      isTooMuch || isLadderWished(request.query["ladder"], deps.config)
        ? deps.renditions.lower
            .offer({ ...record, upscaled: folder }, upscaled)
            .map(({ name, codec, ...each }) => ({
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

/** What the rules allow who asks, or less where he wishes for that (`rate=4M`). */
async function capOf(
  { config, whoPlays }: Pick<GatewayDeps, "config" | "whoPlays">,
  request: Request,
): Promise<number | undefined> {
  const session = playSessionOf(request.originalUrl);
  const known = session === undefined ? undefined : await whoPlays?.(session);
  const plain = { client: clientByAgent(request.get("user-agent")) };
  const allowed = rateCap(config.rates, { ...(known ?? plain), address: request.ip });
  const { rate } = request.query;
  if (rate === undefined) return allowed;
  const wished = typeof rate === "string" ? parseRate(rate) : undefined;
  if (wished === undefined)
    throw new UpreelError("bad_request", "the bit rate is not understood", {
      expected: "rate=4M or rate=800k",
      got: JSON.stringify(rate).slice(0, 100),
    });
  return Math.min(wished, allowed ?? wished);
}

/** `ladder=on` or `off` for one player, in place of the setting. */
function isLadderWished(query: unknown, { offersLadder }: GatewayDeps["config"]): boolean {
  if (query === undefined) return offersLadder;
  if (query === "on" || query === "off") return query === "on";
  throw new UpreelError("bad_request", "the value of ladder is not understood", {
    expected: "ladder=on or ladder=off",
    got: JSON.stringify(query).slice(0, 100),
  });
}
