import { offerAudio } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";
import { plannedWithin } from "../hls/planned-record.ts";

/**
 * The page of a film of which nothing is upscaled yet begins with the original. What that begins with is made while the
 * browser still loads the page: it takes an ffprobe and two ffmpegs, one after the other if each is only begun when it is
 * asked for. Whatever fails here fails again, and is told, when the page asks.
 */
export function beginOriginal(deps: GatewayDeps, id: string): void {
  const { state, segmentsReady } = deps.streams.status(id);
  if (state === "complete" || segmentsReady > 0) return;
  makeStart(deps, id).catch((thrown: unknown) => {
    deps.log.debug("the original was not begun ahead", { stream: id, thrown });
  });
}

async function makeStart(deps: GatewayDeps, id: string): Promise<void> {
  const bounds = { signal: deps.closing, ms: deps.hold.playlistMs };
  const record = await plannedWithin(deps, id, bounds);
  const { source, timeline } = record;
  if (timeline.growth === "going") return;
  const { renditions } = deps;
  const heard = offerAudio(source, { kind: "none" }, { track: undefined, layout: "stereo" });
  const rendition = heard.find(({ isDefault }) => isDefault)?.rendition;
  await Promise.all([
    renditions.original.codecName(record),
    rendition === undefined ? undefined : renditions.audioSegment(record, rendition, 0),
  ]);
}
