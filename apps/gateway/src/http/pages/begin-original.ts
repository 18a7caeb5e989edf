import type { PlannedRecord } from "@upreel/core";
import { offerAudio } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";
import { plannedWithin } from "../hls/planned-record.ts";

/**
 * The page of a film of which nothing is upscaled yet begins with the original. What that begins with is made while the
 * browser still loads the page: it takes an ffprobe and two ffmpegs, one after the other if each is only begun when it is
 * asked for. Whatever fails here fails again, and is told, when the page asks. One wait for each film: it outlives the
 * connection of who asked for the page, and nothing else bounds how many of those there are.
 */
export function createBeginOriginal(deps: GatewayDeps): (id: string) => void {
  const begun = new Set<string>();

  async function begin(id: string): Promise<void> {
    begun.add(id);
    try {
      await makeStart(deps, id);
    } catch (thrown) {
      deps.log.debug("the original was not begun ahead", { stream: id, thrown });
    } finally {
      begun.delete(id);
    }
  }

  return (id) => {
    const { state, segmentsReady } = deps.streams.status(id);
    if (state !== "complete" && segmentsReady === 0 && !begun.has(id)) void begin(id);
  };
}

async function makeStart(deps: GatewayDeps, id: string): Promise<void> {
  const bounds = { signal: deps.closing, ms: deps.hold.playlistMs };
  const isPlanned = new AbortController();
  const planned = plannedWithin(deps, id, bounds).finally(() => isPlanned.abort());
  const before = AbortSignal.any([deps.closing, isPlanned.signal]);
  await Promise.all([makeBeforePlan(deps, id, before), planned.then((film) => make(deps, film))]);
}

async function make({ renditions }: GatewayDeps, record: PlannedRecord): Promise<void> {
  const { source, timeline } = record;
  if (timeline.growth === "going") return;
  const heard = offerAudio(source, { kind: "none" }, { track: undefined, layout: "stereo" });
  const rendition = heard.find(({ isDefault }) => isDefault)?.rendition;
  await Promise.all([
    renditions.original.codecName(record),
    rendition === undefined ? undefined : renditions.audioSegment(record, rendition, 0),
  ]);
}

/** The pictures of a film are timed before the rest of its plan is there. */
async function makeBeforePlan(
  { records, renditions }: Pick<GatewayDeps, "records" | "renditions">,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const record = await records.read(id);
  // With the plan all of it is made in any case.
  if (record?.file === undefined || record.timeline !== undefined) return;
  await renditions.original.beginTimed({ id, file: record.file }, signal).catch(() => undefined);
}
