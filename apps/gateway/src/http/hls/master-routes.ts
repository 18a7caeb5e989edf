import { UpreelError } from "@upreel/core";
import { masterPlaylist, type Variant } from "@upreel/watcher";
import { Router, type Request } from "express";
import { offerAudio } from "@upreel/engine";
import { parseRate } from "../../config/rate-rules.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { parseAudioWish } from "./audio-wish.ts";
import { audioRenditions, codecsOf, queryOf, subtitleRenditions } from "./child-uris.ts";
import type { GatewayDeps } from "../deps.ts";
import { closestQuality, filmQualities, parseQuality, type FilmQuality } from "./film-qualities.ts";
import { ladderQuery } from "./ladder-hold.ts";
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
    const quality = parseQuality(request.query["quality"]);
    const audio = offerAudio(source, output.audio, wish);
    const folder = await streams.folder(id);
    const [upscaled, ...others] = await waitInStream(
      deps,
      { id, folder },
      () => filmQualities(deps, record, folder),
      waiting(deps, response),
    );
    const query = queryOf(request);
    const cap = await capOf(deps, request);
    const isTooMuch = cap !== undefined && upscaled.bandwidth > cap;
    const isLadder = isTooMuch || (parseSwitch(request, "ladder") ?? deps.config.offersLadder);
    const waits = parseSwitch(request, "waited") === true;
    const isTold = ({ isWaitedFor }: FilmQuality): boolean =>
      quality === "lean" || ((waits || !isWaitedFor) && (isLadder || quality !== undefined));
    const fitting = withinRate([upscaled, ...others.filter(isTold)], cap);
    const offered = quality === undefined ? fitting : ([closestQuality(fitting, quality)] as const);
    const [variant, ...lower] = offered;
    // For a player that can go down to a lower quality, its segments are held differently.
    const upscaledQuery = lower.length > 0 ? ladderQuery(query) : query;
    const variantOf = ({ path, codec, quality: of, ...each }: FilmQuality): Variant => ({
      ...each,
      uri: `${path}${of === "best" ? upscaledQuery : query}`,
      ...{ frameRate: timeline.rate, codecs: codecsOf(codec, audio) },
    });
    const playlist = masterPlaylist({
      ...{ variant: variantOf(variant), lower: lower.map(variantOf) },
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

/** `<name>=on` or `off`; undefined: it is not said. */
function parseSwitch({ query }: Request, name: string): boolean | undefined {
  const said = query[name];
  if (said === undefined) return undefined;
  if (said === "on" || said === "off") return said === "on";
  throw new UpreelError("bad_request", `the value of ${name} is not understood`, {
    expected: `${name}=on or ${name}=off`,
    got: JSON.stringify(said).slice(0, 100),
  });
}
